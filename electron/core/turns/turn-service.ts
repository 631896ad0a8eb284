import type { Params, Result } from '../../../shared/contract/methods.ts';
import { PerchError, type WireError } from '../../../shared/errors/perch-error.ts';
import type { PendingPermission, StoredRunEvent, TurnSummary } from '../../../shared/model/run-event.ts';
import type { Clock } from '../../node/clock.ts';
import { realOrSame } from '../../node/paths.ts';
import type { Launch } from '../launch/launch.ts';
import type { GivenNames } from '../launch/session-env/given-names.ts';
import { isOwnTraffic } from '../network/egress/own-traffic.ts';
import type { Random } from '../ports.ts';
import type { OwnPlaces } from '../projects/width.ts';
import type { Database } from '../storage/database/database.ts';
import type { LogStore } from '../storage/logs/log-store.ts';
import type { TokenShape } from '../terminals/token-shapes.ts';
import type { TurnTerminal } from '../terminals/turn-terminal.ts';
import { type ActiveTurn, createActiveTurn } from './active-turn.ts';
import { createActiveTurns } from './active-turns.ts';
import { createAgentSessionStore } from './agent-session-store.ts';
import { createAwaitingCredential, isMissingCredential, isWaiting } from './awaiting-credential.ts';
import { type BackgroundService, createBackground } from './background.ts';
import { createCancel } from './cancelling.ts';
import { mayConnect } from './connected.ts';
import { createEnding, type Ending } from './ending.ts';
import { createGuardedFiles, type GuardedFiles } from './guarded/service.ts';
import { createHousekeeping, type KeepingLimits, REACHABLE_MS } from './housekeeping.ts';
import { createPermissions } from './permissions.ts';
import type { CredentialUseNotes, TurnAgents, TurnCheckpoints, TurnRunner } from './ports.ts';
import { createRecorder } from './recorder.ts';
import { endLostTurns } from './recovery.ts';
import { createTurnDriver } from './run-turn.ts';
import { followRunner } from './runner-events.ts';
import { createSerialQueue } from './serial-queue.ts';
import { createSessions, type SessionFacts } from './sessions.ts';
import { checkPromptSize, placeOf, refuseEmpty, withWidthRule } from './submission.ts';
import { createTurnTerminals } from './terminals.ts';
import { createTurnArchive } from './turn-archive.ts';
import { bodyHash, foldEvent, NEW_TURN } from './turn-state.ts';
import { createTurnStore, type TurnQuery } from './turn-store.ts';
import { createUnsavedEnds } from './unsaved-ends.ts';

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

const RECENT_TURNS = 50;
const RECENT_PROJECTS = 20;
/** Milliseconds that a dispose waits for agents. The runner's supervisor ends the rest. */
const DISPOSE_LIMIT_MS = 3000;

/** Takes prompts, runs them in sessions, and keeps every fact of them. See "A turn, end to end" in ARCHITECTURE.md. */
export function createTurnService(options: TurnServiceOptions): TurnService {
  const { runner, logs, clock, random, credentialUse, onRunEvent, onTurnsChanged } = options;
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
  const submissions = new Map<string, { readonly hash: string; readonly turn: Promise<TurnSummary> }>();
  const queue = createSerialQueue();
  /** Turns of an earlier process that have not been resumed. */
  const unresumed: string[] = [];
  let disposed = false;

  const agentSessions = createAgentSessionStore(options.database);
  const background = createBackground({
    runner,
    sessionOf: (sessionId) => sessions.facts().find((session) => session.sessionId === sessionId),
    onChange: options.onBackgroundChanged,
    onFound: (turnId, files) => {
      try {
        if (store.guarded.addAll({ turnId, at: clock.now(), files })) onTurnsChanged();
      } catch (error) {
        const message = `Files that were set aside could not be noted: ${String(error)}`;
        logs.writer('core').write({ level: 'error', source: 'turns', message });
      }
    },
    onNone: (sessionId) => sessions.idle(sessionId),
  });
  const sessions = createSessions({
    runner,
    clock,
    agentSessions,
    background,
    given: options.given,
    onChange: options.onSessionsChanged,
    onCloseFailed: (sessionId, error) => {
      const message = `The session was not closed by the runner: ${String(error)}`;
      logs.writer(`session:${sessionId}`).write({ level: 'info', source: 'turn', message });
    },
  });
  const permissions = createPermissions({ runner, onChange: options.onPermissionsChanged });
  const recorder = createRecorder({ store, clock, permissions, onRunEvent, onTurnsChanged });
  const onEnded = (turn: ActiveTurn) => {
    active.remove(turn);
    housekeeping.wake();
  };
  const ending: Ending = createEnding({
    recorder,
    logs,
    credentialUse,
    nameOf: options.nameOf,
    onEnded,
    onUnsaved: (turn, outcome) => unsavedEnds.keep(turn, outcome),
  });
  const unsavedEnds = createUnsavedEnds({ clock, save: ending.save, onChange: onTurnsChanged });
  const cancel = createCancel({ runner, sessions, ending, logs, clock });
  const hadTurns = ({ sessionId }: ActiveTurn) => store.list({ limit: 2, sessionId }).length > 1;
  const awaiting = createAwaitingCredential({ recorder });
  const besides = (turn: ActiveTurn): string | undefined => {
    const other = active.sharingFilesWith(turn);
    return other && options.nameOf(other.agentId, other.projectDir);
  };
  const terminals = createTurnTerminals({
    runner,
    recorder,
    clock,
    shapes: options.tokenShapes,
    onFailure(turn, error) {
      // An agent may not go on with work that cannot be recorded.
      void sessions.close(turn.sessionId);
      ending.threw(turn, error);
    },
  });
  const driver = createTurnDriver({
    runner,
    agents,
    sessions,
    recorder,
    awaiting,
    ending,
    logs,
    credentialUse,
    terminals,
    checkpoints: options.checkpoints,
    hadTurns,
    besides,
  });
  const isTurnsOwn = (turn: ActiveTurn | undefined, host: string): boolean =>
    turn !== undefined && isOwnTraffic(options.ownTrafficOf(turn.agentId, turn.projectDir), host, turn.tools.size > 0);
  const unfollow = followRunner({
    runner,
    active,
    sessions,
    background,
    recorder,
    ending,
    logs,
    clock,
    isOwnTraffic: isTurnsOwn,
  });

  function get(turnId: string): TurnSummary {
    const turn = store.get(turnId);
    if (turn === undefined) throw new PerchError('NOT_FOUND');
    return unsavedEnds.asEnded(turn);
  }

  const list = (query: TurnQuery): TurnSummary[] => store.list(query).map(unsavedEnds.asEnded);

  function refuseWithoutRunner(): void {
    if (disposed || !mayConnect(runner.status)) throw new PerchError('RUNNER_NOT_CONNECTED');
  }

  /** Saves the turn, then shows it. */
  function accept(turn: ActiveTurn, launch: Pick<Launch, 'auth' | 'providerId'>, hash: string): void {
    const { turnId, sessionId, agentId, projectDir, requestedModel, requestedMode, prompt } = turn;
    const chosen = {
      model: launch.auth.model,
      ...(launch.providerId === undefined ? {} : { providerId: launch.providerId }),
    };
    const mode = requestedMode === undefined ? {} : { permissionMode: requestedMode };
    const event = { type: 'turn.accepted', agentId, ...chosen, projectDir, prompt, ...mode } as const;
    const stored = store.accept(
      { turnId, sessionId, agentId, ...chosen, requestedModel, requestedMode, projectDir, prompt, bodyHash: hash },
      { event, at: clock.now(), status: foldEvent(NEW_TURN, event).status },
    );
    if (stored === undefined) throw new PerchError('TURN_ID_CONFLICT');
    active.add(turn);
    const message = `The turn was accepted for ${agentId} in ${projectDir}`;
    logs.writer(`session:${sessionId}`).write({ level: 'info', source: 'turn', message, turnId });
    onRunEvent(stored);
    onTurnsChanged();
  }

  /** In the middle of a conversation a missing credential is waited for; what the last turn ran with stands until then. */
  function midConversation({ sessionId, model, prompt }: Params<'turns.submit'>, error: unknown) {
    const [last] = sessionId === undefined ? [] : store.list({ limit: 1, sessionId });
    if (last === undefined || !isMissingCredential(error) || prompt.trim() === '') throw error;
    // Only with the user's own credential can one be missing.
    const auth = { mode: 'byo', model: model ?? last.model } as const;
    return { auth, ...(last.providerId === undefined ? {} : { providerId: last.providerId }) };
  }

  async function submitNew(params: Params<'turns.submit'>, hash: string): Promise<TurnSummary> {
    const { turnId, agentId, prompt, model, permissionMode } = params;
    checkPromptSize(prompt);
    const projectDir = placeOf(params, { places: options, originOf: store.sessionOrigin });
    refuseWithoutRunner();
    const launch = await agents
      .prepareLaunch({
        agentId,
        projectDir,
        ...(model === undefined ? {} : { model }),
        ...(permissionMode === undefined ? {} : { permissionMode }),
      })
      .catch((error: unknown) => midConversation(params, error));
    refuseWithoutRunner();
    const sessionId = params.sessionId ?? random.uuid();
    const prepared = 'launch' in launch ? launch : undefined;
    if (prepared?.launch.adapter !== 'terminal') refuseEmpty(prompt);
    const asked = {
      turnId,
      sessionId,
      agentId,
      projectDir,
      requestedModel: model,
      requestedMode: permissionMode,
      prompt,
    };
    const turn = createActiveTurn({ ...asked, launch: prepared });
    const waits = prepared === undefined || queue.isBusy(sessionId) || runner.status.kind !== 'connected';
    accept(turn, launch, hash);
    void queue.run(sessionId, () => driver.run(turn, waits));
    return get(turnId);
  }

  async function submit(params: Params<'turns.submit'>): Promise<TurnSummary> {
    const { turnId } = params;
    const hash = bodyHash(params);
    const running = submissions.get(turnId);
    const known = running?.hash ?? store.bodyHash(turnId);
    if (known !== undefined && known !== hash) throw new PerchError('TURN_ID_CONFLICT');
    if (running !== undefined) return running.turn;
    if (known !== undefined) return get(turnId);
    const turn = submitNew(params, hash).finally(() => submissions.delete(turnId));
    submissions.set(turnId, { hash, turn });
    return turn;
  }

  async function deleteSession(sessionId: string): Promise<number> {
    if (store.sessionOrigin(sessionId) === undefined) throw new PerchError('NOT_FOUND');
    if (active.isBusy(sessionId)) throw new PerchError('SESSION_BUSY');
    await sessions.close(sessionId);
    const deleted = store.deleteSession(sessionId);
    agentSessions.remove(sessionId);
    options.given.drop(sessionId);
    logs.remove(`session:${sessionId}`);
    housekeeping.wake();
    onTurnsChanged();
    return deleted;
  }

  /** The turns that a client which comes back may ask for without looking through the history. */
  function recent(): TurnSummary[] {
    const newest = list({ limit: RECENT_TURNS });
    const oldest = newest.at(-1);
    if (oldest === undefined || newest.length < RECENT_TURNS) return newest;
    const others = new Set(newest.map(({ turnId }) => turnId));
    const reachable = store.reachable(clock.now() - REACHABLE_MS).filter(({ turnId }) => !others.has(turnId));
    return [...newest, ...reachable.map(unsavedEnds.asEnded)];
  }

  async function dispose(): Promise<void> {
    disposed = true;
    housekeeping.stop();
    for (const turn of active.all()) {
      // The turn goes on after the next start.
      if (isWaiting(turn)) continue;
      turn.cancelRequested = true;
      ending.cancelled(turn);
    }
    const limit = Promise.withResolvers<void>();
    const stopTimer = clock.after(DISPOSE_LIMIT_MS, limit.resolve);
    await Promise.race([sessions.closeAll(), limit.promise]);
    stopTimer();
    unfollow();
    unsavedEnds.dispose();
  }

  return {
    submit,
    get,
    async cancel(turnId) {
      const turn = active.get(turnId);
      if (turn !== undefined) await cancel(turn);
      const summary = get(turnId);
      if (turn === undefined && summary.status !== 'cancelled') throw new PerchError('TURN_ALREADY_ENDED');
      return summary;
    },
    list,
    events({ turnId, after, limit }) {
      const turn = get(turnId);
      const folded = store.folded(turnId);
      if (folded !== undefined) return { turn, events: [], folded };
      return { turn, events: store.events({ turnId, after, limit }) };
    },
    deleteSession,
    sessionsIn: store.sessionsIn,
    async answerPermission({ turnId, requestId, outcome }) {
      get(turnId);
      const turn = active.get(turnId);
      if (turn === undefined) throw new PerchError('TURN_ALREADY_ENDED');
      await permissions.answer(turn, { requestId, outcome });
    },
    terminal(turnId) {
      const turn = active.get(turnId);
      if (turn === undefined && get(turnId)) throw new PerchError('TURN_ALREADY_ENDED');
      if (turn?.terminal === undefined) throw new PerchError('NOT_FOUND');
      return turn.terminal;
    },
    recent,
    permissions: permissions.pending,
    background,
    recentProjects: () =>
      store
        .projects(RECENT_PROJECTS + 1)
        .filter((directory) => directory !== realOrSame(options.scratchDir))
        .slice(0, RECENT_PROJECTS),
    recover() {
      for (const { status, ...turn } of store.unstarted(clock.now() - REACHABLE_MS)) {
        if (active.has(turn.turnId)) continue;
        const state = status === 'accepted' ? NEW_TURN : { status, openPermissions: [] };
        active.add(createActiveTurn({ ...turn, launch: undefined }, state));
        unresumed.push(turn.turnId);
      }
      endLostTurns({ store, logs, clock, onRunEvent, isActive: active.has });
      housekeeping.wake();
    },
    resume() {
      for (const turnId of unresumed.splice(0)) {
        const turn = active.get(turnId);
        if (turn !== undefined) void queue.run(turn.sessionId, () => driver.run(turn, true));
      }
    },
    lookAgain() {
      if (!disposed) awaiting.lookAgain();
    },
    closeSessionsOf: sessions.closeWhere,
    openSessions: () =>
      sessions.facts().map((session) => {
        const turn = active.runningIn(session.sessionId);
        return { ...session, ...(turn === undefined ? {} : { turnId: turn.turnId }) };
      }),
    isOwnTraffic: (turnId, host) => isTurnsOwn(active.get(turnId), host),
    async restartSession(sessionId, error) {
      const turn = active.runningIn(sessionId);
      if (turn !== undefined) ending.failed(turn, { error });
      await sessions.close(sessionId);
    },
    guarded: createGuardedFiles({ ...options, store: store.guarded, onChange: onTurnsChanged }),
    dispose,
  };
}
