import { z } from 'zod';
import { CAUSES } from '../errors/causes.ts';
import { wireErrorSchema } from '../errors/schema.ts';
import { agentProtocolSchema } from '../model/agent.ts';
import { sessionAuthSchema } from '../model/auth.ts';
import { backgroundActionSchema, backgroundFactsSchema } from '../model/background.ts';
import { variableNameSchema } from '../model/credential.ts';
import { networkRulesSchema, refusedHostSchema, upstreamProxySchema } from '../model/egress.ts';
import { fileIdentitySchema, shownEntrySchema } from '../model/guarded-file.ts';
import { directorySchema, sessionIdSchema, turnIdSchema } from '../model/ids.ts';
import { secretPlaceSchema } from '../model/leak.ts';
import { LOG_LEVELS } from '../model/log-position.ts';
import { processKindSchema } from '../model/process-kind.ts';
import { agentEventSchema, cancelledFields, permissionOutcomeSchema } from '../model/run-event.ts';
import { sandboxAvailabilitySchema, sandboxPolicySchema, sandboxStatusSchema } from '../model/sandbox-policy.ts';
import { mcpLaunchSchema, mcpUnsupportedSchema, mcpVariablesBySchema } from './mcp.ts';
import { terminalRequests } from './terminals.ts';
import { turnRulesSchema } from './turn-rules.ts';

/** Raised whenever a message changes its meaning. Core and runner of different versions refuse each other. */
export const RUNNER_PROTOCOL_VERSION = 4;

/**
 * The signs that separate a failed turn from an answered one, for one kind of agent. Regular expression sources, tested
 * against the agent's whole text of a turn that used no tool. The author of a pattern anchors it.
 */
export const failureSignsSchema = z.object({
  /** The whole text of a turn is an error when one matches. */
  errorTexts: z.array(z.string()),
  /** An error's text means that the credential was refused when one matches. */
  authenticationTexts: z.array(z.string()),
  /** Text chunks that are the agent's own remarks, not the answer. */
  ignoredTexts: z.array(z.string()),
  /**
   * Lines on stderr that say that the provider refused a request which the agent will repeat; the group `sentence`
   * is what the provider said. Some repeat for minutes, or for ever, without a word to the client.
   */
  retryTexts: z.array(z.string()).optional(),
  /** Texts of a failed tool that the agent itself refused, without a question. */
  refusedToolTexts: z.array(z.string()).optional(),
  /** Lines on stderr that tell a person nothing of how a turn went, whatever level they claim: *debug* in the log. */
  noiseTexts: z.array(z.string()).optional(),
  /**
   * Words of this agent's own for why it failed. The first that matches decides; they are asked before the
   * generic ones.
   */
  causes: z.array(z.object({ cause: z.enum(CAUSES), text: z.string() })).optional(),
  /**
   * For an agent that takes an answer which ends in its middle for one that goes on, and asks for the next without end.
   * After so many such answers in a row, with no tool at work between them, the turn is over for this cause.
   * `abortedTools`: texts of a failed tool whose call did not come whole.
   */
  unfinished: z
    .object({ answers: z.number().int().min(2), cause: z.enum(CAUSES), abortedTools: z.array(z.string()) })
    .optional(),
});
export type FailureSigns = z.infer<typeof failureSignsSchema>;

const launchSpecSchema = z.object({
  /**
   * `acp`: speaks the Agent Client Protocol on stdio. `terminal`: any program, in a terminal of its own that is read
   * and written by the session's id; it is asked one prompt, which lasts as long as it runs.
   */
  adapter: agentProtocolSchema,
  /** Absolute path of the real program: never an npm wrapper. */
  command: z.string(),
  args: z.array(z.string()),
  /** Files written into the state directory before the start, relative paths. Never a secret. */
  stateFiles: z.array(z.object({ path: z.string(), content: z.string() })),
  /** How the model reaches the agent: by its environment or arguments already, or over ACP. */
  modelBy: z.enum(['launch', 'acp-config-option', 'acp-set-model']),
  /** The `_meta` object that ACP's `session/new` carries for this agent. Never a secret. */
  sessionMeta: z.record(z.string(), z.json()).optional(),
  /** The client's statements about itself beside the protocol: ACP's `_meta` of its capabilities. Never a secret. */
  clientMeta: z.record(z.string(), z.json()).optional(),
  failureSigns: failureSignsSchema,
  /** Absent: none. */
  mcpServers: z.array(mcpLaunchSchema).optional(),
  /** Absent: `value`. */
  mcpVariablesBy: mcpVariablesBySchema.optional(),
  /** Milliseconds. */
  limits: z.object({
    /** From spawn to an open session. */
    start: z.number().int().positive(),
    /** Without any sign of life from the agent in a turn; 0 means no limit. Waiting for a permission does not count. */
    silence: z.number().int().nonnegative(),
    /** From cancel to kill, and from end of input to kill. */
    stop: z.number().int().positive(),
  }),
});
export type LaunchSpec = z.infer<typeof launchSpecSchema>;

const nothing = z.object({});

function method<P extends z.ZodType, R extends z.ZodType>(params: P, result: R) {
  return { params, result } as const;
}

/** `refused`: the agent could, but no longer has the conversation. Both others begin a new one. */
const continuationSchema = z.enum(['continued', 'unsupported', 'refused']);
export type Continuation = z.infer<typeof continuationSchema>;

/** How the runner tells that a prompt ended. `failed` carries no log position: the core knows that. */
const promptResultSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('completed'), stopReason: z.string() }),
  z.object({
    outcome: z.literal('failed'),
    error: wireErrorSchema,
    reported: z.string().max(2000).optional(),
    exitCode: z.number().int().optional(),
    signal: z.string().optional(),
  }),
  z.object(cancelledFields),
]);
export type PromptResult = z.infer<typeof promptResultSchema>;

/** Core → runner, JSON-RPC requests. */
export const runnerMethods = {
  /** First request after `runner.ready`. Answers the version of the runner. */
  'runner.initialize': method(
    z.object({ protocolVersion: z.number().int() }),
    z.object({ protocolVersion: z.number().int(), pid: z.number().int() }),
  ),
  'runner.ping': method(nothing, nothing),
  /** Ends every session, then the process; answers when all sessions are gone. */
  'runner.shutdown': method(nothing, nothing),
  /** Also tidies up after runners that were killed: `records` is the policy's folder of that name. */
  'sandbox.check': method(z.object({ records: z.string().optional() }), sandboxAvailabilitySchema),
  /** Runs one program under a policy; see the contract's `sandbox.run`. `name` is for the log. */
  'sandbox.run': method(
    z.object({
      name: z.string(),
      command: z.string(),
      args: z.array(z.string()),
      environment: z.record(z.string(), z.string()),
      policy: sandboxPolicySchema,
      stdio: z.string(),
      upstreamProxy: upstreamProxySchema.optional(),
    }),
    z.object({
      exitCode: z.number().int().nullable(),
      signal: z.string().nullable(),
      quarantined: z.array(z.string()),
    }),
  ),
  /**
   * Starts the agent in its sandbox and opens its session. The environment is exact: nothing else gets in.
   * `secretNames` says which of its values are masked wherever the runner writes.
   */
  'session.start': method(
    z.object({
      sessionId: sessionIdSchema,
      launch: launchSpecSchema,
      environment: z.record(z.string(), z.string()),
      secretNames: z.array(z.string()),
      /** The names of the user's own variables: none of them may have a name that only Perch sets. */
      variableNames: z.array(z.string()),
      policy: sandboxPolicySchema,
      workingDirectory: directorySchema,
      auth: sessionAuthSchema,
      /** The agent's own name of the conversation to go on with, as an earlier start answered it. */
      agentSessionId: z.string().optional(),
      /** For the policy's network `proxy`: a proxy of the user's network, in front of which Perch's own stands. */
      upstreamProxy: upstreamProxySchema.optional(),
    }),
    z.object({
      agentName: z.string(),
      agentVersion: z.string().optional(),
      pid: z.number().int(),
      sandbox: sandboxStatusSchema,
      /** Present when the agent can go on with this conversation in another process. */
      agentSessionId: z.string().optional(),
      /** Present when a conversation was to be gone on with. */
      continuation: continuationSchema.optional(),
      /** Absent: none. */
      mcpUnsupported: z.array(mcpUnsupportedSchema).optional(),
    }),
  ),
  /** Answers when the turn ended. Meanwhile `turn.event` notifications arrive, all of them before the answer. */
  'session.prompt': method(
    z.object({
      sessionId: sessionIdSchema,
      turnId: turnIdSchema,
      prompt: z.string(),
      /** Absent: the agent's own mode, and no limit. */
      rules: turnRulesSchema.optional(),
    }),
    promptResultSchema,
  ),
  /**
   * Other hosts for a running session whose network is `proxy`: whole or not at all. INVALID_PARAMS when a rule is
   * none, and those before stay in force.
   */
  'session.setHosts': method(z.object({ sessionId: sessionIdSchema, rules: networkRulesSchema }), nothing),
  /** The running prompt answers `cancelled` within a second; an agent that does not obey is killed. */
  'session.cancel': method(z.object({ sessionId: sessionIdSchema, turnId: turnIdSchema }), nothing),
  'session.answerPermission': method(
    z.object({
      sessionId: sessionIdSchema,
      turnId: turnIdSchema,
      requestId: z.string(),
      outcome: permissionOutcomeSchema,
    }),
    nothing,
  ),
  /** BACKGROUND_GONE: nothing of that is left. BACKGROUND_IN_TURN: a turn runs. */
  'session.background': method(z.object({ sessionId: sessionIdSchema, act: backgroundActionSchema }), nothing),
  /** All of what lies there, relative to `root`. ASIDE_GONE, ASIDE_NOT_SHOWN. */
  'aside.look': method(
    z.object({ root: directorySchema, path: z.string() }),
    z.object({ identity: fileIdentitySchema, entries: z.array(shownEntrySchema) }),
  ),
  /**
   * Puts exactly what was looked at back under its own name. ASIDE_CHANGED, ASIDE_GONE, ASIDE_PLACE_TAKEN,
   * ASIDE_NOT_SHOWN, ASIDE_FAILED; ASIDE_BUSY while an agent is at work in that folder.
   */
  'aside.putBack': method(
    z.object({ root: directorySchema, path: z.string(), aside: z.string(), identity: fileIdentitySchema }),
    nothing,
  ),
  /**
   * Renames it, and answers where it lies then; without an identity nothing can show it whole. ASIDE_GONE,
   * ASIDE_FAILED.
   */
  'aside.setAside': method(
    z.object({ root: directorySchema, path: z.string() }),
    z.object({ aside: z.string(), identity: fileIdentitySchema.optional() }),
  ),
  /** Stops the agent's whole process tree; answers when it is gone. Unknown sessions are already gone. */
  'session.close': method(z.object({ sessionId: sessionIdSchema }), nothing),
  ...terminalRequests,
} as const;

/** Runner → core, JSON-RPC notifications. */
export const runnerNotifications = {
  /** First message of the runner. */
  'runner.ready': z.object({ protocolVersion: z.number().int(), pid: z.number().int() }),
  /** A process was started, or is gone. Told of those that live longer than one answer, as soon as it is known. */
  'process.started': z.object({ pid: z.number().int().positive(), what: processKindSchema }),
  'process.ended': z.object({ pid: z.number().int().positive() }),
  'turn.event': z.object({ sessionId: sessionIdSchema, turnId: turnIdSchema, event: agentEventSchema }),
  /** Whenever it changes between two turns. A turn that begins ends it without a word. */
  'session.background': backgroundFactsSchema,
  /** The agent is gone without having been asked. A running prompt is answered first. */
  'session.exited': z.object({
    sessionId: sessionIdSchema,
    exitCode: z.number().int().nullable(),
    signal: z.string().nullable(),
  }),
  /** The agent asked for a host that is not allowed. The same one is told once a minute and turn. */
  'egress.refused': refusedHostSchema.extend({ sessionId: sessionIdSchema, turnId: turnIdSchema.optional() }),
  /** A secret of the session turned up in its output or log, in whichever encoding. Masked; once a turn and place. */
  'secret.found': z.object({
    sessionId: sessionIdSchema,
    turnId: turnIdSchema.optional(),
    variable: variableNameSchema,
    where: secretPlaceSchema,
  }),
  /** A line for the session's log, or for the runner's own when there is no session. Already redacted. */
  'log.line': z.object({
    sessionId: sessionIdSchema.optional(),
    turnId: turnIdSchema.optional(),
    level: z.enum(LOG_LEVELS),
    source: z.string(),
    message: z.string(),
  }),
} as const;

type RunnerMethods = typeof runnerMethods;
export type RunnerMethodName = keyof RunnerMethods;
export type RunnerParams<M extends RunnerMethodName> = z.infer<RunnerMethods[M]['params']>;
export type RunnerResult<M extends RunnerMethodName> = z.infer<RunnerMethods[M]['result']>;
type RunnerNotifications = typeof runnerNotifications;
export type RunnerNotificationName = keyof RunnerNotifications;
export type RunnerNotificationParams<N extends RunnerNotificationName> = z.infer<RunnerNotifications[N]>;
