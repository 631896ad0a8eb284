import { z } from 'zod';
import { failureSchema } from './failure.ts';
import { epochMsSchema, providerIdSchema } from './ids.ts';
import { processKindSchema } from './process-kind.ts';

/** The one connection state that the window shows. Decided in `core/runner-host/decide-connection.ts` alone. */
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

/** At `limit` crashes within `windowMs` milliseconds the runner is not started again by itself. */
export const restartBudgetSchema = z.object({
  crashes: z.number().int().nonnegative(),
  limit: z.number().int().positive(),
  windowMs: z.number().int().positive(),
});
export type RestartBudget = z.infer<typeof restartBudgetSchema>;

/** An entry of the supervisor's timeline. */
export const supervisorEventSchema = z.object({
  at: epochMsSchema,
  kind: z.enum([
    'started',
    'ready',
    'exited',
    'unresponsive',
    'backoff',
    'breaker-opened',
    'stopped',
    'reset',
    /** A process that outlived its starter was ended, could not be ended, or could not be told from others. */
    'left-over-ended',
    'left-over-survived',
    'left-over-not-checked',
  ]),
  pid: z.number().int().optional(),
  what: processKindSchema.optional(),
  /** The end of a process: by itself when asked, at a polite signal, or killed. */
  how: z.enum(['ended', 'terminated', 'killed']).optional(),
  /** Why it could not be checked. */
  reason: z.string().optional(),
  exitCode: z.number().int().optional(),
  signal: z.string().optional(),
  delayMs: z.number().int().optional(),
});
export type SupervisorEvent = z.infer<typeof supervisorEventSchema>;
