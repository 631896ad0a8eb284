import { z } from 'zod';
import { agentIdSchema, directorySchema } from '../../model/ids.ts';
import { sandboxPolicySchema } from '../../model/sandbox-policy.ts';
import { method } from './method.ts';

const where = { agentId: agentIdSchema, projectDir: directorySchema.optional() };

/** The fence around an agent, to be looked at and tried. */
export const sandboxMethods = {
  /** The policy that a session started now would have. Never starts anything, needs no credential. */
  'sandbox.show': method(z.object(where), z.object({ policy: sandboxPolicySchema })),
  /**
   * Runs a program in the sandbox, environment and network that the agent would get, its credentials included. `stdio`
   * is a Unix socket of the caller's: it is connected to three times, and the first byte of each connection says
   * which of standard input, output and error it is. Answers when the program has ended. The caller that closes the
   * connection of the input before that ends the program.
   */
  'sandbox.run': method(
    z.object({ ...where, command: z.array(z.string()).min(1), stdio: z.string() }),
    z.object({
      exitCode: z.number().int().nullable(),
      signal: z.string().nullable(),
      quarantined: z.array(z.string()),
    }),
  ),
} as const;
