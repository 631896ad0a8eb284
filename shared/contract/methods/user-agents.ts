import { z } from 'zod';
import { wireErrorSchema } from '../../errors/schema.ts';
import { agentViewSchema } from '../../model/agent.ts';
import { agentDefinitionSchema } from '../../model/agent-definition.ts';
import { declarationProblemSchema } from '../../model/declaration.ts';
import { forgetListSchema } from '../../model/forget.ts';
import { agentIdSchema, directorySchema } from '../../model/ids.ts';
import { method } from './method.ts';

const agent = z.object({ agent: agentViewSchema });

/** Agents that the user makes. `projectDir`: where one is declared that cannot be changed here. */
export const userAgentsMethods = {
  /** @throws AGENT_ID_TAKEN, AGENT_BASE_UNKNOWN, PROVIDER_UNKNOWN, AGENT_PROVIDER_UNSUPPORTED, AGENT_VARIABLE_SECRET,
   * AGENT_COMMAND_SECRET, VARIABLE_*. A program is started once: AGENT_PROGRAM_MISSING, AGENT_COMMAND_NOT_EXECUTABLE,
   * AGENT_SCRIPT_HIDDEN, AGENT_SCRIPT_MISSING, AGENT_INTERPRETER_MISSING, SESSION_START_FAILED, SESSION_START_TIMEOUT,
   * each with `details.anyway`. With `anyway` the agent is added all the same, and keeps that as `cannotStart`. */
  'userAgents.add': method(z.object({ definition: agentDefinitionSchema, anyway: z.boolean().optional() }), agent),
  /** The errors of `add`, and AGENT_UNKNOWN, AGENT_BUILT_IN, DECLARED_READ_ONLY. */
  'userAgents.change': method(
    z.object({
      definition: agentDefinitionSchema,
      projectDir: directorySchema.optional(),
      anyway: z.boolean().optional(),
    }),
    agent,
  ),
  /**
   * With all that is kept for it; answers what went. @throws as `change`, SESSION_BUSY, KEYCHAIN_*
   */
  'userAgents.remove': method(
    z.object({ agentId: agentIdSchema, projectDir: directorySchema.optional() }),
    z.object({ list: forgetListSchema }),
  ),
  /**
   * The agents that a repository on GitHub declares, for choice; nothing is taken. A saved GITHUB_TOKEN is used.
   * `taken`: another agent has the id already. `leftOut`: the number of other things that the file declares.
   * @throws REPOSITORY_ADDRESS_WRONG, GITHUB_NEEDS_TOKEN, GITHUB_TOKEN_REJECTED, GITHUB_RATE_LIMITED, GITHUB_NOT_FOUND,
   *   GITHUB_UNREACHABLE
   */
  'userAgents.importCandidates': method(
    z.object({ source: z.string().max(2048) }),
    z.object({
      repository: z.string(),
      file: z.string(),
      candidates: z.array(z.object({ definition: agentDefinitionSchema, taken: z.boolean() })),
      leftOut: z.number().int().nonnegative(),
      problems: z.array(declarationProblemSchema),
    }),
  ),
  /** Adds each agent as `add` does; a failure does not stop the others. */
  'userAgents.import': method(
    z.object({ definitions: z.array(agentDefinitionSchema).max(100) }),
    z.object({
      results: z.array(
        z.discriminatedUnion('outcome', [
          z.object({ outcome: z.literal('added'), agentId: agentIdSchema }),
          z.object({ outcome: z.literal('failed'), agentId: agentIdSchema, error: wireErrorSchema }),
        ]),
      ),
    }),
  ),
} as const;
