import { z } from 'zod';
import { defined } from '../../../../shared/defined.ts';

/** Longer names are no model's: the contract takes no more. */
const MAX_CHARS = 256;

/** Choices by which an agent leaves the model to itself: they name none. */
const LEFT_TO_THE_AGENT: ReadonlySet<string> = new Set(['default', 'auto', 'inherit']);

const nameSchema = z.string().trim().min(1).max(MAX_CHARS);

const offeredSchema = z.object({
  configOptions: z.array(z.looseObject({ category: z.string().nullish(), currentValue: z.unknown() })).nullish(),
  /** In no stable version of the protocol, and what Gemini CLI has instead of configuration options. */
  models: z.looseObject({ currentModelId: z.unknown() }).nullish(),
});

const updateSchema = z.looseObject({
  sessionUpdate: z.string(),
  configOptions: z.unknown().optional(),
  _meta: z.looseObject({ '_claude/model': z.unknown().optional() }).nullish(),
});

const tokens = z.number().nullish();
const answerSchema = z.object({
  _meta: z.object({
    quota: z.object({
      model_usage: z.array(
        z.object({
          model: nameSchema,
          token_count: z.object({ outputTokens: tokens, output_tokens: tokens }).nullish(),
        }),
      ),
    }),
  }),
});

/** The model that a conversation is set to, by what its agent answered when it was opened; undefined: not told. */
export function modelOfConversation(opened: unknown): string | undefined {
  const { data } = offeredSchema.safeParse(opened);
  const option = data?.configOptions?.find(({ category }) => category === 'model');
  return named(option?.currentValue) ?? named(data?.models?.currentModelId);
}

/** The model that an update reports: `used` answered just now, `set` will. */
export function modelInUpdate(update: unknown): { readonly used?: string; readonly set?: string } {
  const { data } = updateSchema.safeParse(update);
  if (data === undefined) return {};
  const used = named(data._meta?.['_claude/model']);
  const set = data.sessionUpdate === 'config_option_update' ? modelOfConversation(data) : undefined;
  return defined({ used, set });
}

/**
 * The model that wrote the answer of a prompt, as Claude Code, Codex and Gemini CLI report it with the answer. A turn
 * may ask others besides, for a title or to choose the model: the one with the most output wrote the answer.
 */
export function modelInAnswer(response: unknown): string | undefined {
  const { data } = answerSchema.safeParse(response);
  if (data === undefined) return undefined;
  const used = data._meta.quota.model_usage.map(({ model, token_count: count }) => ({
    model,
    output: count?.outputTokens ?? count?.output_tokens ?? 0,
  }));
  return used.sort((one, other) => other.output - one.output)[0]?.model;
}

function named(value: unknown): string | undefined {
  const { data } = nameSchema.safeParse(value);
  return data === undefined || LEFT_TO_THE_AGENT.has(data.toLowerCase()) ? undefined : data;
}
