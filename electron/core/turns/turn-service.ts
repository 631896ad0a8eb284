import type { Params, Result } from '../../../shared/contract/methods.ts';
import type { WireError } from '../../../shared/errors/perch-error.ts';
import type { PendingPermission, StoredRunEvent, TurnSummary } from '../../../shared/model/run-event.ts';
import type { Clock } from '../../node/clock.ts';
import type { GivenNames } from '../launch/session-env/given-names.ts';
import type { Random } from '../ports.ts';
import type { OwnPlaces } from '../projects/width.ts';
import type { Database } from '../storage/database/database.ts';
import type { LogStore } from '../storage/logs/log-store.ts';
import type { TokenShape } from '../terminals/token-shapes.ts';
import type { TurnTerminal } from '../terminals/turn-terminal.ts';
import { createActiveTurns } from './active-turns.ts';
import { createAgentSessionStore } from './agent-session-store.ts';
import type { BackgroundService } from './background.ts';
import { createDeletion } from './deletion.ts';
import { endTurnsAndAgents } from './disposal.ts';
import { createTurnExecution } from './execution.ts';
import type { BillingPageOf } from './failure.ts';
import { createGuardedFiles, type GuardedFiles } from './guarded/guarded-file-service.ts';
import { createHousekeeping, type KeepingLimits } from './housekeeping.ts';
import { createOncePerId } from './once-per-id.ts';
import { createOpenSessions } from './open-sessions.ts';
import { createPermissions } from './permissions.ts';
import type { CredentialUseNotes, Foresee, TurnAgents, TurnCheckpoints, TurnRunner } from './ports.ts';
import { createResumption } from './resumption.ts';
import type { SessionFacts } from './sessions.ts';
import { withWidthRule } from './submission.ts';
import { createSubmit } from './submitting.ts';
import { createTurnArchive } from './turn-archive.ts';
import { createTurnControl } from './turn-control.ts';
import { createTurnHistory } from './turn-history.ts';
import type { TurnQuery } from './turn-reader.ts';
import { createTurnSessions } from './turn-sessions.ts';
import { createTurnStore } from './turn-store.ts';

export interface TurnService {
  /**
   * Answers when the turn is saved, not when it is over. The same id with the same body is the same turn.
   * @throws PerchError PROMPT_*, PROJECT_*, TURN_ID_CONFLICT, NOT_FOUND, INVALID_PARAMS, RUNNER_NOT_CONNECTED, or
   *   what the launch gate refuses with. After any of these there is no turn.
   */
  submit(params: Params<'turns.submit'>): Promise<TurnSummary>;
  /** Answers when the turn has ended. @throws PerchError NOT_FOUND, TURN_ALREADY_ENDED */
  cancel(turnId: string): Promise<TurnSummary>;
  /** @throws PerchError NOT_FOUND */
  get(turnId: string): TurnSummary;
  /** Newest first. */
  list(query: TurnQuery): TurnSummary[];
  /** @throws PerchError NOT_FOUND */
  events(params: Params<'turns.events'>): Result<'turns.events'>;
  /** @throws PerchError NOT_FOUND, TURN_ALREADY_ENDED, INVALID_PARAMS */
  answerPermission(params: Params<'turns.answerPermission'>): Promise<void>;
  /** The terminal of a running turn. @throws PerchError NOT_FOUND (it has none), TURN_ALREADY_ENDED */
  terminal(turnId: string): TurnTerminal;
  /**
   * For good, its log included. Answers how many turns it had.
   * @throws PerchError NOT_FOUND, SESSION_BUSY
   */
  deleteSession(sessionId: string): Promise<number>;
  /** The conversations of one working directory, or all of them. */
  sessionsIn(projectDir?: string): string[];
  /** The newest 50, and every one that runs or ended within ten minutes, newest first. */
  recent(): TurnSummary[];
  permissions(): PendingPermission[];
  /** What turns left running. */
  readonly background: BackgroundService;
  /** At most 20, most recently used first, without the scratch folder. */
  recentProjects(): string[];
  /**
   * Ends what an earlier process left open, apart from what no agent has seen yet. Called once, before the first
   * submission.
   */
  recover(): void;
  /** Goes on with what `recover` left: turns that wait for a credential, and those just accepted. Once the runner starts. */
  resume(): void;
  /** A credential or a setting changed: turns that wait for one ask again. */
  lookAgain(): void;
  /** Agents that match are stopped: at once when idle, otherwise after the turn that runs in them. */
  closeSessionsOf(predicate: (session: SessionFacts) => boolean): Promise<void>;
  /** The agents that run, each with the turn in it. */
  openSessions(): (SessionFacts & { turnId?: string })[];
  /** The agent of a running turn asks for this host by itself: nobody waits for it. */
  isOwnTraffic(turnId: string, host: string): boolean;
  /** Stops the agent at once; the turn that runs in it fails with this error. Answers when the agent is gone. */
  restartSession(sessionId: string, error: WireError): Promise<void>;
  /** Files of turns that would have made programs of the machine run code. */
  readonly guarded: GuardedFiles;
  /** Cancels what runs and stops the agents. */
  dispose(): Promise<void>;
}

interface TurnServiceOptions extends OwnPlaces {
  readonly database: Database;
  readonly runner: TurnRunner;
  readonly agents: TurnAgents;
  readonly logs: LogStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly credentialUse: CredentialUseNotes;
  readonly checkpoints: TurnCheckpoints;
  readonly given: GivenNames;
  /** An agent as people know it. */
  readonly nameOf: (agentId: string, projectDir: string) => string;
  readonly foresee: Foresee;
  readonly billingPageOf: BillingPageOf;
  /** Hosts that it asks for by itself. */
  readonly ownTrafficOf: (agentId: string, projectDir: string) => readonly string[];
  /** Called after the event is in the database. */
  readonly onRunEvent: (stored: StoredRunEvent) => void;
  /** A turn was added, or another status, failure or sandbox than before; not for every event. */
  readonly onTurnsChanged: () => void;
  readonly onPermissionsChanged: () => void;
  readonly onBackgroundChanged: () => void;
  /** An agent was started or is gone. */
  readonly onSessionsChanged: () => void;
  readonly redact: (text: string) => string;
  readonly limits: () => KeepingLimits;
  /** How the keys of all providers look, which no terminal shows. */
  readonly tokenShapes: () => readonly TokenShape[];
}

/** Takes prompts, runs them in sessions, and keeps every fact of them. See "A turn, end to end" in ARCHITECTURE.md. */
export function createTurnService(options: TurnServiceOptions): TurnService {
  const { runner, logs, clock, given, credentialUse, checkpoints, nameOf, ownTrafficOf, tokenShapes } = options;
  const { onRunEvent, onTurnsChanged, onSessionsChanged, onBackgroundChanged } = options;
  const store = createTurnStore(options.database);
  const agents = withWidthRule(options.agents, options);
  const active = createActiveTurns();
  const housekeeping = createHousekeeping({
    archive: createTurnArchive(options.database),
    clock,
    limits: options.limits,
    isIdle: active.isIdle,
    onFailure: (error) => {
      const message = `Old turns could not be folded: ${String(error)}`;
      logs.writer('core').write({ level: 'warn', source: 'turns', message });
    },
  });
  const agentSessions = createAgentSessionStore(options.database);
  const { sessions, background } = createTurnSessions({
    runner,
    clock,
    logs,
    guarded: store.guarded,
    agentSessions,
    given,
    onSessionsChanged,
    onBackgroundChanged,
    onFilesFound: onTurnsChanged,
  });
  const permissions = createPermissions({ runner, onChange: options.onPermissionsChanged });
  const execution = createTurnExecution({
    store,
    active,
    runner,
    agents,
    sessions,
    background,
    permissions,
    logs,
    clock,
    credentialUse,
    checkpoints,
    nameOf,
    billingPageOf: options.billingPageOf,
    ownTrafficOf,
    tokenShapes,
    onRunEvent,
    onTurnsChanged,
    onEnded: housekeeping.wake,
  });
  const { queue, ending, unsavedEnds } = execution;
  const { scratchDir } = options;
  const history = createTurnHistory({ store, clock, scratchDir, asEnded: unsavedEnds.asEnded });
  const control = createTurnControl({ active, permissions, cancel: execution.cancel, summaryOf: history.get });
  const openSessions = createOpenSessions({ active, sessions, ending });
  const resumption = createResumption({ store, active, queue, logs, clock, onRunEvent });
  let disposed = false;
  const submit = createSubmit({
    store,
    active,
    queue,
    agents,
    foresee: options.foresee,
    runner,
    logs,
    clock,
    random: options.random,
    places: options,
    isDisposed: () => disposed,
    summaryOf: history.get,
    onRunEvent,
    onTurnsChanged,
  });
  const onDeleted = () => {
    housekeeping.wake();
    onTurnsChanged();
  };

  return {
    ...history,
    ...control,
    submit: createOncePerId({ submit, storedHash: store.bodyHash, summaryOf: history.get }),
    deleteSession: createDeletion({ store, active, sessions, agentSessions, given, logs, onDeleted }),
    permissions: permissions.pending,
    background,
    recover() {
      resumption.recover();
      housekeeping.wake();
    },
    resume: resumption.resume,
    lookAgain() {
      if (!disposed) execution.lookAgain();
    },
    closeSessionsOf: sessions.closeWhere,
    openSessions: openSessions.list,
    isOwnTraffic: (turnId, host) => execution.isOwnTraffic(active.get(turnId), host),
    restartSession: openSessions.restart,
    guarded: createGuardedFiles({ ...options, store: store.guarded, onChange: onTurnsChanged }),
    async dispose() {
      disposed = true;
      housekeeping.stop();
      await endTurnsAndAgents({ active, ending, sessions, clock });
      execution.unfollow();
      unsavedEnds.dispose();
    },
  };
}
