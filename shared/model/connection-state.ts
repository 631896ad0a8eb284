import { z } from 'zod';
import { failureSchema } from './failure.ts';
import { epochMsSchema, providerIdSchema } from './ids.ts';

/** The one connection state that the window shows (R2). Decided in `core/runner-host/decide-connection.ts` alone. */
export const connectionStateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('starting') }),
  z.object({ kind: z.literal('connected'), since: epochMsSchema }),
  z.object({
    kind: z.literal('reconnecting'),
    attempt: z.number().int().positive(),
    nextTryAt: epochMsSchema,
    failure: failureSchema,
  }),
  z.object({ kind: z.literal('needs-sign-in'), providerId: providerIdSchema }),
  z.object({ kind: z.literal('failed'), failure: failureSchema, crashLoop: z.boolean() }),
  z.object({ kind: z.literal('stopped') }),
]);
export type ConnectionState = z.infer<typeof connectionStateSchema>;

/** One entry of the supervisor's timeline. */
export const supervisorEventSchema = z.object({
  at: epochMsSchema,
  kind: z.enum(['started', 'ready', 'exited', 'unresponsive', 'backoff', 'breaker-opened', 'stopped', 'reset']),
  pid: z.number().int().optional(),
  exitCode: z.number().int().optional(),
  signal: z.string().optional(),
  delayMs: z.number().int().optional(),
});
export type SupervisorEvent = z.infer<typeof supervisorEventSchema>;
