import { z } from 'zod';

/**
 * What a session may touch, as one object: the core makes it, a backend of the runner enforces it or refuses.
 * All paths are absolute.
 */
export const sandboxPolicySchema = z.object({
  /** `off` only by the user's explicit choice for this agent. */
  enforcement: z.enum(['required', 'off']),
  /** Readable, at the same path. Missing ones are an error unless `optional`. */
  readOnly: z.array(z.object({ path: z.string(), optional: z.boolean() })),
  /** Readable and writable, at the same path. */
  writable: z.array(z.string()),
  /** The agent's state directory on the host, and where the sandbox shows it (its HOME). */
  state: z.object({ hostPath: z.string(), sandboxPath: z.string() }),
  workingDirectory: z.string(),
  network: z.enum(['shared', 'none']),
});
export type SandboxPolicy = z.infer<typeof sandboxPolicySchema>;

export const sandboxStatusSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('enforced'), backend: z.string(), network: z.enum(['shared', 'none']) }),
  z.object({ state: z.literal('off') }),
]);
export type SandboxStatus = z.infer<typeof sandboxStatusSchema>;

/** What this machine can enforce, found by running the backend once. */
export const sandboxAvailabilitySchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('checking') }),
  z.object({ state: z.literal('available'), backend: z.string(), version: z.string() }),
  z.object({ state: z.literal('unavailable'), reason: z.string() }),
]);
export type SandboxAvailability = z.infer<typeof sandboxAvailabilitySchema>;
