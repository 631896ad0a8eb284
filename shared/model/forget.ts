import { z } from 'zod';
import { credentialViewSchema } from './credential.ts';
import { agentIdSchema, directorySchema } from './ids.ts';

/** The target to forget: everything that Perch keeps for one working directory, for one agent, or at all. */
export const forgetTargetSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('project'), projectDir: directorySchema }),
  z.object({ kind: z.literal('agent'), agentId: agentIdSchema }),
  z.object({ kind: z.literal('everything') }),
]);
export type ForgetTarget = z.infer<typeof forgetTargetSchema>;

/** The list of what will be deleted, to read beforehand. A project's own files are never in it. */
export const forgetListSchema = z.object({
  /** Their values go from the keychain. */
  credentials: z.array(credentialViewSchema),
  /** The user's own variables. */
  variables: z.number().int().nonnegative(),
  /** Keychain items that no credential names any more, and that could not be deleted before. */
  leftovers: z.number().int().nonnegative(),
  conversations: z.number().int().nonnegative(),
  allowedHosts: z.number().int().nonnegative(),
  mcpServers: z.number().int().nonnegative(),
  /** True when settings of the target are deleted. */
  settings: z.boolean(),
  folders: z.array(z.object({ path: z.string(), bytes: z.number().int().nonnegative() })),
});
export type ForgetList = z.infer<typeof forgetListSchema>;
