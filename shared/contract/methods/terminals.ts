import { z } from 'zod';
import { wireErrorSchema } from '../../errors/schema.ts';
import { credentialStorageSchema, credentialViewSchema, scopeSchema } from '../../model/credential.ts';
import { agentIdSchema } from '../../model/ids.ts';
import { MAX_TERMINAL_INPUT, terminalIdSchema, terminalSizeSchema } from '../../model/terminal.ts';
import { method, nothing } from './method.ts';

const byId = z.object({ terminalId: terminalIdSchema });

/** The fate of a token that the program printed. The token never reaches a client. */
const terminalCaptureSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('none') }),
  z.object({ state: z.literal('storing') }),
  z.object({ state: z.literal('stored'), credential: credentialViewSchema, replaced: z.boolean() }),
  /** Held in the core's memory until it was stored, or the terminal is closed. */
  z.object({ state: z.literal('failed'), error: wireErrorSchema }),
]);
export type TerminalCapture = z.infer<typeof terminalCaptureSchema>;

const terminalProgressSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('running') }),
  z.object({ state: z.literal('ended'), exitCode: z.number().int() }),
  /** The runner ended, and the program with it. */
  z.object({ state: z.literal('lost'), error: wireErrorSchema }),
]);
export type TerminalProgress = z.infer<typeof terminalProgressSchema>;

/** The screen of a terminal as a person sees it. */
export const terminalScreenSchema = z.object({
  sequence: z.number().int().nonnegative(),
  painted: z.string(),
  size: terminalSizeSchema,
  links: z.array(z.string()),
  progress: terminalProgressSchema,
});
export type TerminalScreen = z.infer<typeof terminalScreenSchema>;

/** Terminals for the agents' own logins. The holder of the id has the terminal: the id stands nowhere else. */
export const terminalsMethods = {
  /**
   * Starts a login of an agent. A login that runs already, or whose token is not stored yet, is resumed instead: it
   * gets a new id, and the former holder loses it. Scope and storage are for a token that is printed.
   */
  'terminals.start': method(
    z.object({
      agentId: agentIdSchema,
      wayId: z.string(),
      scope: scopeSchema,
      storage: credentialStorageSchema,
      size: terminalSizeSchema,
    }),
    z.object({ terminalId: terminalIdSchema, resumed: z.boolean() }),
  ),
  /**
   * The screen as soon as it differs from `after`; otherwise the same one after some seconds. `painted` paints the
   * whole of it, for a terminal of this size, tokens withheld. A terminal without a reader is closed after a minute.
   */
  'terminals.read': method(
    byId.extend({ after: z.number().int().nonnegative() }),
    terminalScreenSchema.extend({ capture: terminalCaptureSchema }),
  ),
  /** Sends typed or pasted text to the program alone. */
  'terminals.write': method(byId.extend({ data: z.string().max(MAX_TERMINAL_INPUT) }), nothing),
  'terminals.resize': method(byId.extend({ size: terminalSizeSchema }), nothing),
  /** Stores a token again that could not be stored. */
  'terminals.store': method(byId.extend({ storage: credentialStorageSchema }), nothing),
  /** Ends the program and all that it started, and forgets a token that is not stored. */
  'terminals.close': method(byId, nothing),
  /** Removes what the agent's own login left. */
  'terminals.signOut': method(z.object({ agentId: agentIdSchema }), nothing),
  /** Asks the agent again whether its own login holds; answers when it is known. */
  'terminals.checkLogin': method(z.object({ agentId: agentIdSchema }), nothing),
} as const;
