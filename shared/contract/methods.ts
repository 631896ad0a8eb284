import { z } from 'zod';
import { wireErrorSchema } from '../errors/schema.ts';
import { agentSettingsSchema, agentViewSchema } from '../model/agent.ts';
import { supervisorEventSchema } from '../model/connection-state.ts';
import { credentialStorageSchema, credentialViewSchema, scopeSchema, variableNameSchema } from '../model/credential.ts';
import { credentialEventSchema } from '../model/credential-event.ts';
import { importCandidateSchema, importOutcomeSchema, importSourceSchema } from '../model/credential-import.ts';
import { doctorReportSchema } from '../model/doctor.ts';
import { environmentPlanViewSchema } from '../model/environment-plan.ts';
import {
  agentIdSchema,
  credentialIdSchema,
  directorySchema,
  epochMsSchema,
  modelSchema,
  providerIdSchema,
  sessionIdSchema,
  turnIdSchema,
} from '../model/ids.ts';
import { keychainHealthSchema } from '../model/keychain.ts';
import { livenessReportSchema } from '../model/liveness.ts';
import { LOG_LEVELS, logNameSchema, logPositionSchema, positionedLogLineSchema } from '../model/log-position.ts';
import { modelInfoSchema } from '../model/model-info.ts';
import { providerViewSchema } from '../model/provider.ts';
import { permissionOutcomeSchema, storedRunEventSchema, turnSummarySchema } from '../model/run-event.ts';
import { settingsPatchSchema, settingsSchema } from '../model/settings.ts';
import { eventPositionSchema, sequencedEventSchema } from './events.ts';
import { appStateSchema } from './state.ts';

const nothing = z.object({});

/** A method: what it takes, what it answers. Both are checked at the door that carries it. */
function method<P extends z.ZodType, R extends z.ZodType>(params: P, result: R) {
  return { params, result } as const;
}

/** Prompts over this many UTF-8 bytes are refused with PROMPT_TOO_LARGE. The door itself takes more, so that the sentence arrives. */
export const MAX_PROMPT_BYTES = 1024 * 1024;
/** Secrets over this many UTF-8 bytes are refused (R13). */
export const MAX_SECRET_BYTES = 64 * 1024;

/**
 * Every method of every door: Electron IPC, WebSocket, the command line's local socket. One line a method.
 */
export const contract = {
  /** Starts the event stream of this connection: from `since` when it is still known, else from a snapshot. */
  'events.subscribe': method(
    z.object({ since: eventPositionSchema.optional() }),
    z.object({
      position: eventPositionSchema,
      snapshot: appStateSchema.optional(),
      missed: z.array(sequencedEventSchema),
    }),
  ),

  'agents.list': method(
    z.object({ projectDir: directorySchema.optional() }),
    z.object({ agents: z.array(agentViewSchema) }),
  ),
  /** Looks for the agents again, the project's own included; answers when the look is over. */
  'agents.refresh': method(
    z.object({ projectDir: directorySchema.optional() }),
    z.object({ agents: z.array(agentViewSchema) }),
  ),
  'agents.select': method(z.object({ agentId: agentIdSchema }), nothing),
  /** Absent keys stay as they are; a null provider goes back to the derived one. */
  'agents.configure': method(
    z.object({
      agentId: agentIdSchema,
      settings: agentSettingsSchema
        .omit({ providerId: true })
        .partial()
        .extend({ providerId: providerIdSchema.nullable().optional() }),
    }),
    z.object({ agent: agentViewSchema }),
  ),

  'providers.list': method(nothing, z.object({ providers: z.array(providerViewSchema) })),
  /** What is known of its models, newest first. Empty: the provider's own examples are all there is. */
  'providers.models': method(
    z.object({ providerId: providerIdSchema }),
    z.object({ models: z.array(modelInfoSchema) }),
  ),
  'providers.setBaseUrl': method(
    z.object({ providerId: providerIdSchema, baseUrl: z.string().max(2048) }),
    z.object({ provider: providerViewSchema }),
  ),
  'providers.reset': method(z.object({ providerId: providerIdSchema }), z.object({ provider: providerViewSchema })),

  'credentials.list': method(nothing, z.object({ credentials: z.array(credentialViewSchema) })),
  /** Stores, or replaces what that scope and variable held. The value is never sent back. */
  'credentials.set': method(
    z.object({
      providerId: providerIdSchema,
      /** Absent: the provider's default variable. */
      variable: variableNameSchema.optional(),
      scope: scopeSchema,
      value: z.string(),
      storage: credentialStorageSchema,
    }),
    z.object({ credential: credentialViewSchema, replaced: z.boolean(), trimmed: z.boolean() }),
  ),
  /** `nowInEffect`: the wider credential that takes over, when there is one. */
  'credentials.remove': method(
    z.object({ credentialId: credentialIdSchema }),
    z.object({ removed: credentialViewSchema, nowInEffect: credentialViewSchema.optional() }),
  ),
  /**
   * Asks the provider whether the credential is alive; answers within some seconds. A value that the keychain does not
   * give up is an error, never a verdict. `fresh`: asks even when the last answer is less than a minute old.
   */
  'credentials.check': method(
    z.object({ credentialId: credentialIdSchema, fresh: z.boolean().optional() }),
    livenessReportSchema,
  ),
  /** What happened to credentials, newest first; `before` is the id of an event. It never holds a value (R14). */
  'credentials.trail': method(
    z.object({
      limit: z.number().int().min(1).max(500),
      before: z.number().int().positive().optional(),
      providerId: providerIdSchema.optional(),
    }),
    z.object({ events: z.array(credentialEventSchema) }),
  ),
  /**
   * What is found there, masked. The values stay in the core for five minutes; nothing is stored yet. `others` counts
   * variables of no provider that Perch knows; a part that could not be read is a problem, not an error.
   */
  'credentials.importCandidates': method(
    z.object({ source: importSourceSchema }),
    z.object({
      candidates: z.array(importCandidateSchema),
      others: z.number().int().nonnegative(),
      problems: z.array(wireErrorSchema),
    }),
  ),
  /** Stores the chosen ones under one scope; each has an outcome of its own, in the order asked. */
  'credentials.import': method(
    z.object({
      candidateIds: z.array(z.uuid()).min(1).max(500),
      scope: scopeSchema,
      storage: credentialStorageSchema,
    }),
    z.object({ results: z.array(importOutcomeSchema) }),
  ),
  'keychain.check': method(nothing, z.object({ health: keychainHealthSchema })),

  /** What a session started now would get, secrets masked. Never starts anything. */
  'environment.plan': method(
    z.object({ agentId: agentIdSchema, projectDir: directorySchema.optional(), model: modelSchema.optional() }),
    z.object({
      plan: environmentPlanViewSchema,
      providerId: providerIdSchema.optional(),
      model: modelSchema,
      /** Why a session would be refused now, when it would. */
      refusal: wireErrorSchema.optional(),
    }),
  ),

  /** The client's turn id decides: submitted twice with the same body it is one turn (R35). */
  'turns.submit': method(
    z.object({
      turnId: turnIdSchema,
      agentId: agentIdSchema,
      projectDir: directorySchema.optional(),
      prompt: z.string(),
      /** Absent: the agent's setting. */
      model: modelSchema.optional(),
      /** Goes on with this session's conversation; absent: a new session. */
      sessionId: sessionIdSchema.optional(),
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
  /** Persisted events after `after` (0: from the first), oldest first. */
  'turns.events': method(
    z.object({ turnId: turnIdSchema, after: z.number().int().nonnegative(), limit: z.number().int().min(1).max(5000) }),
    z.object({ events: z.array(storedRunEventSchema), turn: turnSummarySchema }),
  ),
  'turns.answerPermission': method(
    z.object({ turnId: turnIdSchema, requestId: z.string(), outcome: permissionOutcomeSchema }),
    nothing,
  ),

  'runner.restart': method(nothing, nothing),
  'runner.timeline': method(nothing, z.object({ events: z.array(supervisorEventSchema) })),

  'logs.list': method(
    nothing,
    z.object({ logs: z.array(z.object({ log: logNameSchema, bytes: z.number().int(), modifiedAt: epochMsSchema })) }),
  ),
  /**
   * Lines around a place: `from` absent means the end of the log. `before` and `after` count lines.
   * `next` is where the log goes on: read from there to follow.
   */
  'logs.read': method(
    z.object({
      log: logNameSchema,
      from: logPositionSchema.optional(),
      before: z.number().int().min(0).max(1000),
      after: z.number().int().min(0).max(1000),
      minLevel: z.enum(LOG_LEVELS).optional(),
      text: z.string().max(200).optional(),
    }),
    z.object({
      lines: z.array(positionedLogLineSchema),
      next: logPositionSchema,
      /** The asked place was deleted by retention; the lines start at the oldest that is left. */
      positionGone: z.boolean(),
    }),
  ),
  /** The log's file on this machine; `reveal` also shows it in the file manager. */
  'logs.file': method(z.object({ log: logNameSchema, reveal: z.boolean() }), z.object({ path: z.string() })),

  'settings.update': method(z.object({ patch: settingsPatchSchema }), z.object({ settings: settingsSchema })),
  /** Opens the native folder dialog; null when it was closed, or when the host has none. */
  'projects.choose': method(nothing, z.object({ projectDir: directorySchema.nullable() })),
  'doctor.run': method(nothing, z.object({ report: doctorReportSchema })),
  /** A fresh one-time address of the browser window; only where this core serves one, only for the command line. */
  'host.windowUrl': method(
    nothing,
    z.object({
      url: z.url(),
      /** The process that serves it. */
      pid: z.number().int().optional(),
    }),
  ),
} as const;

export type Contract = typeof contract;
export type MethodName = keyof Contract;
export type Params<M extends MethodName> = z.infer<Contract[M]['params']>;
export type Result<M extends MethodName> = z.infer<Contract[M]['result']>;

/** Who calls. A window and an editor may not do what only the person at the command line may. */
export type Caller = { readonly kind: 'window' | 'command-line' };

/** A handler for every method: a forgotten one does not compile. */
export type Handlers = {
  readonly [M in MethodName]: (params: Params<M>, caller: Caller) => Promise<Result<M>>;
};

/** Handled by the door itself, per connection. */
export type DoorMethod = 'events.subscribe';
export type CoreHandlers = Omit<Handlers, DoorMethod>;

export function isMethodName(name: string): name is MethodName {
  return Object.hasOwn(contract, name);
}
