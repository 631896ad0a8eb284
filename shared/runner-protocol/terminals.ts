import { z } from 'zod';
import { directorySchema } from '../model/ids.ts';
import { sandboxPolicySchema, sandboxStatusSchema } from '../model/sandbox-policy.ts';
import { MAX_TERMINAL_INPUT, terminalIdSchema, terminalSizeSchema } from '../model/terminal.ts';

const nothing = z.object({});
const byId = z.object({ terminalId: terminalIdSchema });

/** How a program in a terminal ended. */
const terminalExitSchema = z.object({ exitCode: z.number().int(), signal: z.number().int().optional() });
export type TerminalExit = z.infer<typeof terminalExitSchema>;

/**
 * Core → runner: programs in a pseudo-terminal. Output is asked for, never sent by itself: a core that does not ask
 * holds the program back, and nothing piles up on the way.
 */
export const terminalRequests = {
  /** The environment is exact, apart from TERM and PWD, which a terminal has. No secret may be in `args`. */
  'terminal.start': {
    params: byId.extend({
      command: z.string(),
      args: z.array(z.string()),
      /** Files written into the state directory before the start, relative paths. Never a secret. */
      stateFiles: z.array(z.object({ path: z.string(), content: z.string() })),
      environment: z.record(z.string(), z.string()),
      policy: sandboxPolicySchema,
      workingDirectory: directorySchema,
      size: terminalSizeSchema,
    }),
    result: z.object({ pid: z.number().int(), sandbox: sandboxStatusSchema }),
  },
  /**
   * The program's output since the last answer, once there is some; `exit` after the last of it. One request at a time.
   * The output is unchanged: a token in it is whole.
   */
  'terminal.read': {
    params: byId,
    result: z.object({ output: z.string(), exit: terminalExitSchema.optional() }),
  },
  'terminal.write': { params: byId.extend({ data: z.string().max(MAX_TERMINAL_INPUT) }), result: nothing },
  'terminal.resize': { params: byId.extend({ size: terminalSizeSchema }), result: nothing },
  /** Ends the whole process tree; answers when it is gone. Unknown terminals are already gone. */
  'terminal.close': { params: byId, result: nothing },
} as const;
