import { z } from 'zod';
import { guardedFileSchema } from './guarded-file.ts';
import { directorySchema, sessionIdSchema, turnIdSchema } from './ids.ts';

/** A process that a turn left behind. */
const backgroundProcessSchema = z.object({
  /** Tells it from every other process since the machine was started. */
  processId: z.string().min(1).max(64),
  /** Its command line, secrets withheld, control characters shown, shortened. */
  command: z.string().max(400),
  /** The ports that it, or a process of its own, listens on. */
  ports: z.array(z.number().int()),
});
export type BackgroundProcess = z.infer<typeof backgroundProcessSchema>;

export const backgroundLeftFields = {
  /**
   * `paused`: none of them runs until the next turn. `running`: the user lets them, and the folder is protected
   * as in a turn.
   */
  state: z.enum(['paused', 'running']),
  processes: z.array(backgroundProcessSchema),
};

/** The state of a session between two of its turns: the processes that live there beside the agent. */
export const backgroundFactsSchema = z.object({
  sessionId: sessionIdSchema,
  /** The turn that ended last. */
  turnId: turnIdSchema,
  /** Without any processes nothing is left. */
  ...backgroundLeftFields,
  /** The names that are protected while they run. */
  protected: z.array(z.string()),
  /** True when its ports are those of a network of its own: nothing else on this machine reaches them. */
  ownNetwork: z.boolean(),
  /** What was found since the turn's end that would have made programs on the user's machine run code. */
  found: z.array(guardedFileSchema),
});
export type BackgroundFacts = z.infer<typeof backgroundFactsSchema>;

/** Files that were found are told with those of the turn. */
export const backgroundSessionSchema = backgroundFactsSchema
  .omit({ found: true })
  .extend({ agentId: z.string(), projectDir: directorySchema });
export type BackgroundSession = z.infer<typeof backgroundSessionSchema>;

/** The user's choices: end one for good, let all of a session run, or stop them again until the next turn. */
export const backgroundActionSchema = z.discriminatedUnion('action', [
  z.object({ action: z.literal('stop'), processId: z.string().min(1).max(64) }),
  z.object({ action: z.literal('keep') }),
  z.object({ action: z.literal('pause') }),
]);
export type BackgroundAction = z.infer<typeof backgroundActionSchema>;
