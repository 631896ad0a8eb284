import { z } from 'zod';

/**
 * An extension of the protocol that a client asks for with `clientMeta` (seen: codex-acp): the answer of a failed prompt
 * says so in its `_meta`, instead of an error dressed as the agent's answer.
 */
const schema = z.object({
  jetbrains: z.object({
    air: z.object({ sessionFailure: z.object({ severity: z.literal('error'), title: z.string().min(1) }) }),
  }),
});

/** The agent's sentence of a failed turn that it answers in good order. */
export function typedFailure(meta: unknown): string | undefined {
  const found = schema.safeParse(meta);
  return found.success ? found.data.jetbrains.air.sessionFailure.title : undefined;
}
