import { z } from 'zod';
import { epochMsSchema, turnIdSchema } from './ids.ts';

/** A file, or a folder with all that is in it, as it lay on the disk. */
export const fileIdentitySchema = z.object({
  /** The kernel's number of the entry, with its device and when it was made: `DEVICE:INODE:NANOSECONDS`. */
  node: z.string(),
  /** SHA-256 of kinds, names, modes and contents, hexadecimal. */
  hash: z.string(),
});
export type FileIdentity = z.infer<typeof fileIdentitySchema>;

/** An entry that would have made programs on the user's machine run code. */
export const guardedFileSchema = z.object({
  fileId: z.uuid(),
  /** Relative to the working directory; absolute for one outside of it. */
  path: z.string(),
  /**
   * `name`: programs of the machine run what has this name. `git`: a part of a repository. `link`: one in git's own
   * folders.
   */
  reason: z.enum(['name', 'git', 'link']),
  /**
   * `renamed`: it lies under another name. `disarmed`: it is no longer executable, or without programs. `armed`:
   * neither could be done. `unclear`: nothing tells whether the user made it or the agent; nothing was done to it, and
   * the agent cannot write to it.
   */
  how: z.enum(['renamed', 'disarmed', 'armed', 'unclear']),
  /** Where all of it lies now. */
  aside: z.string().optional(),
  /** Of what lies there, or of an unclear one itself. Absent: nothing can show it whole, so it is not put back. */
  identity: fileIdentitySchema.optional(),
});
export type GuardedFile = z.infer<typeof guardedFileSchema>;

/**
 * `put-back` is final; after `keep-aside` it can still be put back. `mine` and `set-aside` answer for an
 * unclear one.
 */
export const guardedAnswerSchema = z.enum(['put-back', 'keep-aside', 'mine', 'set-aside']);
export type GuardedAnswer = z.infer<typeof guardedAnswerSchema>;

/** With what was answered. An unclear one that was set aside is told as `renamed`. */
export const guardedFileStateSchema = guardedFileSchema.extend({
  turnId: turnIdSchema,
  projectDir: z.string(),
  at: epochMsSchema,
  answer: guardedAnswerSchema.optional(),
});
export type GuardedFileState = z.infer<typeof guardedFileStateSchema>;

/** The possible answers, in the order in which it is offered. */
export function answersFor({
  how,
  aside,
  identity,
  answer,
}: Pick<GuardedFileState, 'how' | 'aside' | 'identity' | 'answer'>) {
  const answers: GuardedAnswer[] = [];
  if (how === 'unclear' && answer === undefined) answers.push('mine', 'set-aside');
  if (how !== 'renamed' || aside === undefined || answer === 'put-back') return answers;
  if (identity !== undefined) answers.push('put-back');
  if (answer !== 'keep-aside') answers.push('keep-aside');
  return answers;
}

/** An entry of what was set aside, as it is shown: `path` is empty for the file or folder itself. */
export const shownEntrySchema = z.object({
  path: z.string(),
  kind: z.enum(['file', 'folder']),
  executable: z.boolean(),
  bytes: z.number().int().nonnegative(),
  /** The whole content of a file. `binary`: bytes that are no text stand there as `\xNN`. */
  text: z.string(),
  binary: z.boolean(),
});
export type ShownEntry = z.infer<typeof shownEntrySchema>;
