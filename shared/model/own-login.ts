import { z } from 'zod';
import { variableNameSchema } from './credential.ts';
import { providerIdSchema } from './ids.ts';

/** `own`: in the browser; `device`: with a code typed elsewhere; both leave files. `token`: prints one for Perch to keep. */
export const LOGIN_WAYS = ['own', 'device', 'token'] as const;
export type LoginWayId = (typeof LOGIN_WAYS)[number];

/** The agent's own answer whether its login holds. */
const ownLoginStateSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('signed-in') }),
  z.object({ state: z.literal('signed-out') }),
  z.object({ state: z.literal('checking') }),
  z.object({ state: z.literal('could-not-check'), reason: z.string() }),
]);
export type OwnLoginState = z.infer<typeof ownLoginStateSchema>;

/** An agent's own login, as a client sees it. */
export const ownLoginViewSchema = z.object({
  /** With what one signs in: `Claude`, `ChatGPT`. */
  name: z.string(),
  /** The agent's own program has a login outside of Perch, which Perch neither reads nor uses. */
  inTerminal: z.literal(true).optional(),
  ways: z.array(
    z.object({
      wayId: z.enum(LOGIN_WAYS),
      /** The credential that it becomes. Absent: it leaves the files. */
      prints: z.object({ providerId: providerIdSchema, variable: variableNameSchema }).optional(),
    }),
  ),
  providers: z.array(z.object({ providerId: providerIdSchema, login: ownLoginStateSchema })),
  /** Absolute paths of what it leaves on this machine. */
  files: z.array(z.string()),
});
export type OwnLoginView = z.infer<typeof ownLoginViewSchema>;
