import { z } from 'zod';
import { wireErrorSchema } from '../errors/schema.ts';
import { backgroundLeftFields } from './background.ts';
import { failureSchema } from './failure.ts';
import { guardedFileSchema } from './guarded-file.ts';
import {
  agentIdSchema,
  directorySchema,
  epochMsSchema,
  modelSchema,
  providerIdSchema,
  sessionIdSchema,
  turnIdSchema,
} from './ids.ts';
import { permissionModeSchema } from './permission-mode.ts';
import { sandboxStatusSchema } from './sandbox-policy.ts';

export const toolCallStatusSchema = z.enum(['pending', 'in_progress', 'completed', 'failed']);

const toolCallContentSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string() }),
  z.object({ kind: z.literal('diff'), path: z.string(), oldText: z.string().nullable(), newText: z.string() }),
  z.object({ kind: z.literal('terminal'), terminalId: z.string() }),
]);

export const toolCallFields = {
  toolCallId: z.string(),
  title: z.string(),
  /** ACP's kinds: read, edit, delete, move, search, execute, think, fetch, switch_mode, other. */
  toolKind: z.string(),
  status: toolCallStatusSchema,
  content: z.array(toolCallContentSchema),
  locations: z.array(z.object({ path: z.string(), line: z.number().int().optional() })),
};

/**
 * A client picks an option by its id. The kinds are ACP's; `other` is one that Perch does not know: nothing tells
 * whether it allows or refuses.
 */
export const permissionOptionSchema = z.object({
  optionId: z.string(),
  name: z.string(),
  kind: z.enum(['allow_once', 'allow_always', 'reject_once', 'reject_always', 'other']),
});
export type PermissionOption = z.infer<typeof permissionOptionSchema>;

export const permissionOutcomeSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('selected'), optionId: z.string() }),
  z.object({ outcome: z.literal('cancelled') }),
]);
export type PermissionOutcome = z.infer<typeof permissionOutcomeSchema>;

export const sessionStartedSchema = z.object({
  type: z.literal('session.started'),
  sessionId: sessionIdSchema,
  agentName: z.string(),
  agentVersion: z.string().optional(),
  pid: z.number().int(),
  sandbox: sandboxStatusSchema,
  /** True for a program in a terminal: while the turn runs the terminal is read and typed into. */
  terminal: z.literal(true).optional(),
});

export const planEntriesSchema = z.array(
  z.object({ content: z.string(), status: z.enum(['pending', 'in_progress', 'completed']), priority: z.string() }),
);

/** Everything that an agent says of what it wants to be allowed, its earlier words on the same tool call included. */
export const permissionDetailsSchema = z.object({
  toolKind: z.string().optional(),
  /** The program's name of the tool (`Bash`), where the agent says it. */
  toolName: z.string().optional(),
  content: z.array(toolCallContentSchema),
  locations: z.array(z.object({ path: z.string(), line: z.number().int().optional() })),
  /** The input of the tool, in the agent's own words. */
  input: z.json().optional(),
  /** Whatever else the request holds, by where it stood there: metadata, content of unknown kinds. */
  other: z.record(z.string(), z.json()).optional(),
  /**
   * UTF-16 units that were left out because the request is too large, or nested too deeply: nothing can show it
   * whole.
   */
  omittedChars: z.number().int().positive().optional(),
});
export type PermissionDetails = z.infer<typeof permissionDetailsSchema>;

export const permissionRequestFields = {
  requestId: z.string(),
  toolCallId: z.string(),
  title: z.string(),
  /** The answers that the agent offers; `shared/permissions/answers.ts` says which of them can be given. */
  options: z.array(permissionOptionSchema),
  /** Absent in events of older versions, which kept a title alone. */
  details: permissionDetailsSchema.optional(),
};
const permissionRequestSchema = z.object(permissionRequestFields);
export type PermissionRequest = z.infer<typeof permissionRequestSchema>;

export const usageSchema = z.object({
  type: z.literal('usage'),
  inputTokens: z.number().int().optional(),
  outputTokens: z.number().int().optional(),
  contextUsed: z.number().int().optional(),
  contextSize: z.number().int().optional(),
  /**
   * The agent's own estimate. `of`: what it counts. `session`: everything since the conversation began, because the
   * turn's share is not known. Absent in events of earlier versions, which have the session's.
   */
  cost: z.object({ amount: z.number(), currency: z.string(), of: z.enum(['turn', 'session']).optional() }).optional(),
});

const reportedModelSchema = z.string().min(1).max(256);

export const noticeFields = {
  level: z.enum(['info', 'warn']),
  key: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
};

/** The runner's reports about a turn. The core adds those of its own below and persists them all. */
export const agentEventSchema = z.discriminatedUnion('type', [
  sessionStartedSchema,
  z.object({ type: z.literal('agent.message'), text: z.string() }),
  z.object({ type: z.literal('agent.thought'), text: z.string() }),
  z.object({ type: z.literal('tool.call'), ...toolCallFields }),
  z.object({
    type: z.literal('tool.update'),
    toolCallId: z.string(),
    title: z.string().optional(),
    status: toolCallStatusSchema.optional(),
    content: z.array(toolCallContentSchema).optional(),
  }),
  z.object({ type: z.literal('plan'), entries: planEntriesSchema }),
  z.object({ type: z.literal('permission.requested'), ...permissionRequestFields }),
  z.object({ type: z.literal('permission.answered'), requestId: z.string(), outcome: permissionOutcomeSchema }),
  usageSchema,
  /** The model that answers, where the agent says which: its own default has a name too. */
  z.object({ type: z.literal('model.reported'), model: reportedModelSchema }),
  /** Processes that still lived at the turn's end, beside the agent. What became of them is in the state. */
  z.object({ type: z.literal('background.left'), ...backgroundLeftFields }),
  /** A file that would have made programs on the user's machine run code: set aside, or a question whose it is. */
  z.object({ type: z.literal('file.guarded'), ...guardedFileSchema.shape }),
  /** Something the user should know: a check that was skipped, a network that is open, a program from the project. */
  z.object({ type: z.literal('notice'), ...noticeFields }),
]);
export type AgentEvent = z.infer<typeof agentEventSchema>;

/** How a turn was cancelled: by the user, unless the agent ended it itself. */
export const cancelledFields = {
  outcome: z.literal('cancelled'),
  by: z.literal('agent').optional(),
  /** The title of the request that the user had declined when the agent ended the turn. */
  declined: z.string().optional(),
};

export const turnOutcomeSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('completed'), stopReason: z.string() }),
  z.object({ outcome: z.literal('failed'), failure: failureSchema }),
  z.object(cancelledFields),
  /** An unknown outcome: the runner or the application died during the turn. */
  z.object({ outcome: z.literal('lost'), failure: failureSchema }),
]);
export type TurnOutcome = z.infer<typeof turnOutcomeSchema>;

export const turnAcceptedSchema = z.object({
  type: z.literal('turn.accepted'),
  agentId: agentIdSchema,
  providerId: providerIdSchema.optional(),
  model: modelSchema,
  projectDir: directorySchema,
  prompt: z.string(),
  /** The submitted permission mode; absent: the agent's setting. */
  permissionMode: permissionModeSchema.optional(),
});

/** A persisted fact of a turn. */
export const runEventSchema = z.discriminatedUnion('type', [
  turnAcceptedSchema,
  ...agentEventSchema.options,
  /** The turn waits for a credential; `error` is the launch gate's refusal, which names provider and variables. */
  z.object({ type: z.literal('credential.awaited'), error: wireErrorSchema }),
  /** The credential is there; the turn goes on with what was resolved with it. */
  z.object({ type: z.literal('credential.supplied'), providerId: providerIdSchema.optional(), model: modelSchema }),
  /** Text that a program left in its terminal; more of it follows, apart from other events between. */
  z.object({ type: z.literal('terminal.output'), text: z.string() }),
  z.object({ type: z.literal('turn.ended'), result: turnOutcomeSchema }),
]);
export type RunEvent = z.infer<typeof runEventSchema>;

export const storedRunEventSchema = z.object({
  turnId: turnIdSchema,
  /** 1, 2, 3 … within the turn, without a gap. */
  seq: z.number().int().positive(),
  at: epochMsSchema,
  event: runEventSchema,
});
export type StoredRunEvent = z.infer<typeof storedRunEventSchema>;

export const TURN_STATUSES = [
  'accepted',
  'running',
  'waiting-for-permission',
  'waiting-for-credential',
  'completed',
  'failed',
  'cancelled',
  'lost',
] as const;
const turnStatusSchema = z.enum(TURN_STATUSES);
export type TurnStatus = z.infer<typeof turnStatusSchema>;

export const turnSummarySchema = z.object({
  turnId: turnIdSchema,
  sessionId: sessionIdSchema,
  agentId: agentIdSchema,
  providerId: providerIdSchema.optional(),
  /** Empty: the agent's, or its provider's, own default. */
  model: modelSchema,
  /** The model that answered, by the agent's own word. Absent: it did not say. */
  reportedModel: reportedModelSchema.optional(),
  projectDir: directorySchema,
  /** The first 200 characters of the prompt, on one line; without a prompt the agent's id. */
  promptPreview: z.string(),
  status: turnStatusSchema,
  acceptedAt: epochMsSchema,
  endedAt: epochMsSchema.optional(),
  lastSeq: z.number().int().nonnegative(),
  sandbox: sandboxStatusSchema.optional(),
  /** Present when the turn failed or was lost. */
  failure: failureSchema.optional(),
  /** Present when it changed files, and that can be taken back; `undone`: it was. */
  changes: z.object({ files: z.number().int().positive(), undone: z.boolean() }).optional(),
  /** Present when there are files that would have made programs run code; `open`: that wait for an answer. */
  guarded: z.object({ open: z.number().int().nonnegative(), at: epochMsSchema }).optional(),
});
export type TurnSummary = z.infer<typeof turnSummarySchema>;

/** An open question of an agent to the user. */
export const pendingPermissionSchema = z.object({
  turnId: turnIdSchema,
  agentId: agentIdSchema,
  requestId: z.string(),
  title: z.string(),
  /** The answers that can be given. */
  options: z.array(permissionOptionSchema),
  /** The beginning of what the agent wants, as it is shown, and how much more there is in the session. */
  excerpt: z.object({ text: z.string(), moreChars: z.number().int().nonnegative() }).optional(),
});
export type PendingPermission = z.infer<typeof pendingPermissionSchema>;
