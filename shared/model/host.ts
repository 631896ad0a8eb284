import { z } from 'zod';
import { sandboxAvailabilitySchema } from './sandbox-policy.ts';

/** Facts of the host that runs the core. They change rarely, if at all. */
export const hostInfoSchema = z.object({
  kind: z.enum(['electron', 'loopback', 'cli']),
  version: z.string(),
  platform: z.string(),
  dataDir: z.string(),
  /** Used when no project was chosen. */
  scratchDir: z.string(),
  sandbox: sandboxAvailabilitySchema,
  /** Embedded terminals need node-pty's native part; where it could not be built they are off, and this says why. */
  terminals: z.discriminatedUnion('state', [
    z.object({ state: z.literal('available') }),
    z.object({ state: z.literal('unavailable'), reason: z.string() }),
  ]),
  /** True when the host can show a native folder dialog. */
  canChooseFolder: z.boolean(),
  canRevealFiles: z.boolean(),
  /** True when the host can keep the machine awake. */
  canHoldOffSleep: z.boolean(),
});
export type HostInfo = z.infer<typeof hostInfoSchema>;
