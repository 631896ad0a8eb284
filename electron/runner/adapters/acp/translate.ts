import { z } from 'zod';
import type { AgentEvent } from '../../../../shared/model/run-event.ts';
import { toolCallStatusSchema } from '../../../../shared/model/run-event.ts';

/** The meaning of an update. Agents run ahead of the protocol: an unknown update is reported, not thrown. */
type Translation =
  | { readonly kind: 'text'; readonly channel: 'message' | 'thought'; readonly text: string }
  | { readonly kind: 'event'; readonly event: AgentEvent }
  /** An update that a turn does not show: commands, modes, titles. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'unknown'; readonly what: string };

const whole = z.number().transform((value) => Math.max(0, Math.round(value)));

const chunkSchema = z.object({ content: z.looseObject({ type: z.string() }) });

const contentSchema = z.union([
  z.object({ type: z.literal('content'), content: z.looseObject({ type: z.string() }) }),
  z.object({
    type: z.literal('diff'),
    path: z.string(),
    oldText: z.string().nullish(),
    newText: z.string(),
  }),
  z.object({ type: z.literal('terminal'), terminalId: z.string() }),
]);
type Content = z.infer<typeof contentSchema>;

const locationsSchema = z.array(z.object({ path: z.string(), line: z.number().int().nullish() }));

const toolCallSchema = z.object({
  toolCallId: z.string(),
  title: z.string(),
  kind: z.string().nullish(),
  status: toolCallStatusSchema.nullish(),
  content: z.array(contentSchema).nullish(),
  locations: locationsSchema.nullish(),
});

const toolUpdateSchema = toolCallSchema.extend({ title: z.string().nullish() });

const planSchema = z.object({
  entries: z.array(
    z.object({ content: z.string(), status: z.enum(['pending', 'in_progress', 'completed']), priority: z.string() }),
  ),
});

const usageSchema = z.object({
  used: whole,
  size: whole,
  cost: z.object({ amount: z.number(), currency: z.string() }).nullish(),
});

const promptUsageSchema = z.object({
  usage: z.object({ inputTokens: whole.nullish(), outputTokens: whole.nullish() }),
});

type Translate = (update: unknown) => Translation;
const SILENT: Translation = { kind: 'silent' };

/** A line per kind of `session/update` in version 1 of the protocol. */
const KINDS: ReadonlyMap<string, Translate> = new Map<string, Translate>([
  ['agent_message_chunk', (update) => chunk('message', update)],
  ['agent_thought_chunk', (update) => chunk('thought', update)],
  ['tool_call', toolCall],
  ['tool_call_update', toolUpdate],
  ['plan', (update) => event({ type: 'plan', ...planSchema.parse(update) })],
  ['usage_update', usage],
  // The user's own words are known already.
  ['user_message_chunk', () => SILENT],
  ['available_commands_update', () => SILENT],
  ['current_mode_update', () => SILENT],
  ['config_option_update', () => SILENT],
  ['session_info_update', () => SILENT],
]);

export function translateUpdate(update: unknown): Translation {
  const name = z.looseObject({ sessionUpdate: z.string() }).safeParse(update);
  if (!name.success) return { kind: 'unknown', what: 'an update without a kind' };
  const translate = KINDS.get(name.data.sessionUpdate);
  if (translate === undefined) return { kind: 'unknown', what: `an update of kind ${name.data.sessionUpdate}` };
  try {
    return translate(update);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    return { kind: 'unknown', what: `a malformed ${name.data.sessionUpdate}: ${error.issues[0]?.message ?? ''}` };
  }
}

/** The session's cost that an update tells, for updates that no turn shows. */
export function costOf(update: unknown): { amount: number; currency: string } | undefined {
  const translation = translateUpdate(update);
  return translation.kind === 'event' && translation.event.type === 'usage' ? translation.event.cost : undefined;
}

/** Tokens that some agents report with the answer of a prompt; not part of the stable protocol. */
export function translatePromptUsage(response: unknown): AgentEvent | undefined {
  const parsed = promptUsageSchema.safeParse(response);
  if (!parsed.success) return undefined;
  const { inputTokens, outputTokens } = parsed.data.usage;
  if (inputTokens == null && outputTokens == null) return undefined;
  return {
    type: 'usage',
    ...(inputTokens == null ? {} : { inputTokens }),
    ...(outputTokens == null ? {} : { outputTokens }),
  };
}

function event(value: AgentEvent): Translation {
  return { kind: 'event', event: value };
}

function chunk(channel: 'message' | 'thought', update: unknown): Translation {
  return { kind: 'text', channel, text: blockText(chunkSchema.parse(update).content) };
}

function toolCall(update: unknown): Translation {
  const call = toolCallSchema.parse(update);
  return event({
    type: 'tool.call',
    toolCallId: call.toolCallId,
    title: call.title,
    toolKind: call.kind ?? 'other',
    status: call.status ?? 'pending',
    content: (call.content ?? []).map(toolContent),
    locations: (call.locations ?? []).map(({ path, line }) => (line == null ? { path } : { path, line })),
  });
}

function toolUpdate(update: unknown): Translation {
  const { toolCallId, title, status, content } = toolUpdateSchema.parse(update);
  return event({
    type: 'tool.update',
    toolCallId,
    ...(title == null ? {} : { title }),
    ...(status == null ? {} : { status }),
    ...(content == null ? {} : { content: content.map(toolContent) }),
  });
}

function toolContent(content: Content): Extract<AgentEvent, { type: 'tool.call' }>['content'][number] {
  if (content.type === 'content') return { kind: 'text', text: blockText(content.content) };
  if (content.type === 'terminal') return { kind: 'terminal', terminalId: content.terminalId };
  return { kind: 'diff', path: content.path, oldText: content.oldText ?? null, newText: content.newText };
}

function usage(update: unknown): Translation {
  const { used, size, cost } = usageSchema.parse(update);
  return event({ type: 'usage', contextUsed: used, contextSize: size, ...(cost == null ? {} : { cost }) });
}

/** Text as it is; any other block by its name, so that the user sees that there was one. */
function blockText(block: Readonly<Record<string, unknown>>): string {
  if (typeof block.text === 'string') return block.text;
  if (typeof block.uri === 'string') return `[${String(block.type)}: ${block.uri}]`;
  return `[${String(block.type)}]`;
}
