import { z } from 'zod';
import { defined } from '../../../shared/defined.ts';
import { type ModelInfo, modelInfoSchema } from '../../../shared/model/model-info.ts';

const optional = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined);

/** A model in models.dev's `api.json`, as far as it is used; what is odd in one field is not known, no more. */
const sourceModelSchema = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  family: optional(z.string()),
  modalities: optional(z.object({ output: z.array(z.string()) })),
  limit: optional(z.object({ context: optional(z.number()), output: optional(z.number()) })),
  cost: optional(
    z.object({
      input: z.number().min(0),
      output: z.number().min(0),
      cache_read: optional(z.number()),
      cache_write: optional(z.number()),
    }),
  ),
  release_date: optional(z.string()),
  tool_call: optional(z.boolean()),
  reasoning: optional(z.boolean()),
  status: optional(z.string()),
});
type SourceModel = z.infer<typeof sourceModelSchema>;

export const sourceSchema = z.record(z.string(), z.object({ models: z.record(z.string(), z.unknown()) }));

/** The models of the wanted providers that write text, newest first; one that is no model is left out. */
export function reduceModels(
  data: z.infer<typeof sourceSchema>,
  wantedIds: readonly string[],
): Record<string, ModelInfo[]> {
  const entries = [...wantedIds].sort().flatMap((id) => {
    const provider = data[id];
    if (provider === undefined) return [];
    const models = Object.values(provider.models).flatMap((model) => {
      const source = sourceModelSchema.safeParse(model);
      if (!source.success || !isForAgents(source.data)) return [];
      const reduced = modelInfoSchema.safeParse(reduce(source.data));
      return reduced.success ? [reduced.data] : [];
    });
    return [[id, models.sort(newestFirst)] as const];
  });
  return Object.fromEntries(entries);
}

function isForAgents({ status, modalities, family = '', id }: SourceModel): boolean {
  const outputs = modalities?.output ?? ['text'];
  return status !== 'deprecated' && outputs.join() === 'text' && !/embed|rerank/i.test(`${family} ${id}`);
}

function reduce(model: SourceModel): Record<string, unknown> {
  const { id, name, limit, cost, release_date: released, tool_call, reasoning, status } = model;
  const price = cost && {
    input: cost.input,
    output: cost.output,
    ...defined({ cacheRead: cost.cache_read, cacheWrite: cost.cache_write }),
  };
  const known = { context: positive(limit?.context), output: positive(limit?.output), price, released, status };
  const present = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
  return { id, name, ...present, toolCall: tool_call === true, reasoning: reasoning === true };
}

function positive(number: number | undefined): number | undefined {
  return number !== undefined && number > 0 ? number : undefined;
}

function newestFirst(a: ModelInfo, b: ModelInfo): number {
  return (b.released ?? '').localeCompare(a.released ?? '') || a.id.localeCompare(b.id, 'en');
}
