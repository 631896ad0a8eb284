import type { Params } from '../../../shared/contract/methods.ts';
import { defined } from '../../../shared/defined.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { StoredRunEvent, TurnSummary } from '../../../shared/model/run-event.ts';
import type { Clock } from '../../node/clock.ts';
import type { Launch } from '../launch/launch.ts';
import type { Random } from '../ports.ts';
import { refuseTooWide } from '../projects/directory.ts';
import type { OwnPlaces } from '../projects/width.ts';
import type { LogStore } from '../storage/logs/log-store.ts';
import { type ActiveTurn, createActiveTurn } from './active-turn.ts';
import type { ActiveTurns } from './active-turns.ts';
import { isMissingCredential } from './awaiting-credential.ts';
import { mayConnect } from './connected.ts';
import type { Foresee, TurnAgents, TurnRunner } from './ports.ts';
import { checkPromptSize, placeOf, refuseEmpty } from './submission.ts';
import type { TurnQueue } from './turn-queue.ts';
import { foldEvent, NEW_TURN } from './turn-state.ts';
import type { TurnStore } from './turn-store.ts';

/** The part of a launch that decides which model a turn is for. */
type Chosen = Pick<Launch, 'auth' | 'providerId'>;

/** Stands in for the launch of a turn that waits for its credential. */
type Waiting = Chosen & { readonly inTerminal: boolean };

/** Checks a prompt, saves it as a turn and puts it in its session's queue. After a refusal there is no turn. */
export function createSubmit(options: {
  store: Pick<TurnStore, 'accept' | 'list' | 'sessionOrigin'>;
  active: Pick<ActiveTurns, 'add'>;
  queue: TurnQueue;
  agents: TurnAgents;
  foresee: Foresee;
  runner: Pick<TurnRunner, 'status'>;
  logs: LogStore;
  clock: Pick<Clock, 'now'>;
  random: Pick<Random, 'uuid'>;
  places: OwnPlaces;
  isDisposed: () => boolean;
  summaryOf: (turnId: string) => TurnSummary;
  onRunEvent: (stored: StoredRunEvent) => void;
  onTurnsChanged: () => void;
}) {
  const { store, active, queue, agents, foresee, runner, logs, clock, random, places } = options;
  const { isDisposed, summaryOf, onRunEvent, onTurnsChanged } = options;

  function refuseWithoutRunner(): void {
    if (isDisposed() || !mayConnect(runner.status)) throw new PerchError('RUNNER_NOT_CONNECTED');
  }

  /** Saves the turn, then shows it. */
  function accept(turn: ActiveTurn, launch: Chosen, hash: string): void {
    const { turnId, sessionId, agentId, projectDir, requestedModel, requestedMode, prompt } = turn;
    const chosen = {
      model: launch.auth.model,
      ...defined({ providerId: launch.providerId }),
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

  /**
   * A missing credential is waited for: in the middle of a conversation, and at its begin where the client wants that.
   * The agent as it would start stands in for the launch until then.
   */
  function waiting(params: Params<'turns.submit'>, projectDir: string, error: unknown): Waiting {
    const { agentId, sessionId, model, prompt, waitForCredential } = params;
    if (!isMissingCredential(error)) throw error;
    const [last] = sessionId === undefined ? [] : store.list({ limit: 1, sessionId });
    if (last === undefined && waitForCredential !== true) throw error;
    const foreseen = foresee(agentId, projectDir);
    if (!foreseen.inTerminal && prompt.trim() === '') throw error;
    if (foreseen.isolated) refuseTooWide(projectDir, places);
    const before = last ?? foreseen;
    // Only with the user's own credential can one be missing.
    const auth = { mode: 'byo', model: model ?? before.model } as const;
    return { auth, inTerminal: foreseen.inTerminal, ...defined({ providerId: before.providerId }) };
  }

  function prepare(params: Params<'turns.submit'>, projectDir: string) {
    const { agentId, model, permissionMode } = params;
    return agents
      .prepareLaunch({
        agentId,
        projectDir,
        ...defined({ model, permissionMode }),
      })
      .catch((error: unknown) => waiting(params, projectDir, error));
  }

  return async (params: Params<'turns.submit'>, hash: string): Promise<TurnSummary> => {
    const { turnId, agentId, prompt, model, permissionMode } = params;
    checkPromptSize(prompt);
    const projectDir = placeOf(params, { places, originOf: store.sessionOrigin });
    refuseWithoutRunner();
    const launch = await prepare(params, projectDir);
    refuseWithoutRunner();
    const sessionId = params.sessionId ?? random.uuid();
    const prepared = 'launch' in launch ? launch : undefined;
    const inTerminal = 'launch' in launch ? launch.launch.adapter === 'terminal' : launch.inTerminal;
    if (!inTerminal) refuseEmpty(prompt);
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
    queue.add(turn, { waits });
    return summaryOf(turnId);
  };
}
