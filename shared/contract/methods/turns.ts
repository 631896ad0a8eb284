import { z } from 'zod';
import { backgroundActionSchema, backgroundSessionSchema } from '../../model/background.ts';
import {
  fileIdentitySchema,
  guardedAnswerSchema,
  guardedFileStateSchema,
  shownEntrySchema,
} from '../../model/guarded-file.ts';
import {
  agentIdSchema,
  directorySchema,
  epochMsSchema,
  modelSchema,
  sessionIdSchema,
  turnIdSchema,
} from '../../model/ids.ts';
import { permissionModeSchema } from '../../model/permission-mode.ts';
import { permissionOutcomeSchema, storedRunEventSchema, turnSummarySchema } from '../../model/run-event.ts';
import { MAX_TERMINAL_INPUT, terminalSizeSchema } from '../../model/terminal.ts';
import { foldedTranscriptSchema } from '../../transcript/schema.ts';
import { method, nothing } from './method.ts';
import { terminalScreenSchema } from './terminals.ts';

/** Turns: one prompt and all that follows. */
export const turnsMethods = {
  /** The client's turn id decides: submitted twice with the same body it is one turn. */
  'turns.submit': method(
    z.object({
      turnId: turnIdSchema,
      agentId: agentIdSchema,
      projectDir: directorySchema.optional(),
      prompt: z.string(),
      /** Absent: the agent's setting. */
      model: modelSchema.optional(),
      /** Absent: the agent's setting. PERMISSION_MODE_UNSUPPORTED for one that it cannot be in. */
      permissionMode: permissionModeSchema.optional(),
      /** Goes on with this session's conversation; absent: a new session. */
      sessionId: sessionIdSchema.optional(),
      /**
       * Takes the first prompt of a session also without a usable credential: the turn waits for one under its id.
       * Absent: it is refused. In the middle of a conversation a turn waits in any case.
       */
      waitForCredential: z.boolean().optional(),
    }),
    z.object({ turn: turnSummarySchema }),
  ),
  'turns.cancel': method(z.object({ turnId: turnIdSchema }), z.object({ turn: turnSummarySchema })),
  'turns.get': method(z.object({ turnId: turnIdSchema }), z.object({ turn: turnSummarySchema })),
  'turns.list': method(
    z.object({
      limit: z.number().int().min(1).max(200),
      before: epochMsSchema.optional(),
      sessionId: sessionIdSchema.optional(),
    }),
    z.object({ turns: z.array(turnSummarySchema) }),
  ),
  /**
   * Persisted events after `after` (0: from the first), oldest first. Of a turn whose events are no longer kept there
   * is `folded`, the whole transcript, and no events.
   */
  'turns.events': method(
    z.object({ turnId: turnIdSchema, after: z.number().int().nonnegative(), limit: z.number().int().min(1).max(5000) }),
    z.object({
      events: z.array(storedRunEventSchema),
      turn: turnSummarySchema,
      folded: foldedTranscriptSchema.optional(),
    }),
  ),
  /** Deletes a conversation for good: its turns, transcripts and log. Refused while one of its turns runs. */
  'turns.deleteSession': method(z.object({ sessionId: sessionIdSchema }), z.object({ deletedTurns: z.number().int() })),
  'turns.answerPermission': method(
    z.object({ turnId: turnIdSchema, requestId: z.string(), outcome: permissionOutcomeSchema }),
    nothing,
  ),
  /** The processes of sessions that live between two turns. */
  'turns.listBackground': method(nothing, z.object({ sessions: z.array(backgroundSessionSchema) })),
  /**
   * Answers when it is done. BACKGROUND_GONE: nothing of that is left. BACKGROUND_IN_TURN: a turn runs in the
   * session; what it leaves is
   * told at its end.
   */
  'turns.background': method(z.object({ sessionId: sessionIdSchema, act: backgroundActionSchema }), nothing),
  /**
   * The files that the turn changed, or that bringing it again would change. `changedSince`: it is not as the turn left
   * it any more. CHECKPOINT_MISSING: it changed none, or nothing is kept of it any more.
   */
  'turns.changes': method(
    z.object({ turnId: turnIdSchema }),
    z.object({
      files: z.array(
        z.object({ path: z.string(), change: z.enum(['added', 'modified', 'deleted']), changedSince: z.boolean() }),
      ),
      undone: z.boolean(),
    }),
  ),
  /**
   * Takes back what the turn changed in its files, or with `undone` false brings it again. What was changed since
   * stays as it is, and is in `left`, unless `alsoChanged`. CHECKPOINT_BUSY while a turn runs in that folder; agents
   * that wait there are stopped.
   */
  'turns.undo': method(
    z.object({ turnId: turnIdSchema, undone: z.boolean(), alsoChanged: z.boolean() }),
    z.object({ files: z.number().int().nonnegative(), left: z.array(z.string()) }),
  ),
  /**
   * Files of a turn that would have made programs of the machine run code, with what was answered; of a folder those
   * that wait for an answer, newest first.
   */
  'turns.guardedFiles': method(
    z.object({ turnId: turnIdSchema.optional(), projectDir: directorySchema.optional() }),
    z.object({ files: z.array(guardedFileStateSchema) }),
  ),
  /**
   * All of a file, or of a folder and what is in it, where it lies now. `changed`: it is not what was set aside any
   * more. ASIDE_GONE; ASIDE_NOT_SHOWN: it is too large, or has a link or a device in it.
   */
  'turns.lookAtFile': method(
    z.object({ fileId: z.uuid() }),
    z.object({ identity: fileIdentitySchema, changed: z.boolean(), entries: z.array(shownEntrySchema) }),
  ),
  /**
   * Does what the user says to a file. `put-back` needs what was looked at. ASIDE_ANSWERED: that can no longer be
   * answered. ASIDE_CHANGED, ASIDE_GONE, ASIDE_PLACE_TAKEN, ASIDE_BUSY (an agent is at work there), ASIDE_FAILED:
   * nothing was done.
   */
  'turns.answerFile': method(
    z.object({ fileId: z.uuid(), answer: guardedAnswerSchema, seen: fileIdentitySchema.optional() }),
    z.object({ file: guardedFileStateSchema }),
  ),
  /**
   * The screen of a turn that runs in a terminal, as soon as it is another than `after`; otherwise the same one after
   * some seconds. `painted` paints the whole of it, for a terminal of this size, secrets withheld. NOT_FOUND: the turn
   * has no terminal, or none yet. TURN_ALREADY_ENDED: what it left is in its events.
   */
  'turns.readTerminal': method(
    z.object({ turnId: turnIdSchema, after: z.number().int().nonnegative() }),
    terminalScreenSchema,
  ),
  /** Sends typed or pasted text to the program alone; it is recorded nowhere. */
  'turns.writeTerminal': method(z.object({ turnId: turnIdSchema, data: z.string().max(MAX_TERMINAL_INPUT) }), nothing),
  /** With several windows on the terminal, the last one decides. */
  'turns.resizeTerminal': method(z.object({ turnId: turnIdSchema, size: terminalSizeSchema }), nothing),
} as const;
