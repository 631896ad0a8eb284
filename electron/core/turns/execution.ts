import type { StoredRunEvent } from '../../../shared/model/run-event.ts';
import type { Clock } from '../../node/clock.ts';
import { isOwnTraffic } from '../network/egress/own-traffic.ts';
import type { LogStore } from '../storage/logs/log-store.ts';
import type { TokenShape } from '../terminals/token-shapes.ts';
import type { ActiveTurn } from './active-turn.ts';
import type { ActiveTurns } from './active-turns.ts';
import { createAwaitingCredential } from './awaiting-credential.ts';
import type { BackgroundFollower } from './background.ts';
import { createCancel } from './cancelling.ts';
import { createEnding, type Ending } from './ending.ts';
import type { BillingPageOf } from './failure.ts';
import type { Permissions } from './permissions.ts';
import type { CredentialUseNotes, TurnAgents, TurnCheckpoints, TurnRunner } from './ports.ts';
import { createRecorder } from './recorder.ts';
import { createTurnDriver } from './run-turn.ts';
import { followRunner } from './runner-events.ts';
import type { Sessions } from './sessions.ts';
import { createTurnTerminals } from './terminals.ts';
import { createTurnQueue } from './turn-queue.ts';
import type { TurnStore } from './turn-store.ts';
import { createUnsavedEnds } from './unsaved-ends.ts';

interface TurnExecutionOptions {
  readonly store: TurnStore;
  readonly active: ActiveTurns;
  readonly runner: TurnRunner;
  readonly agents: TurnAgents;
  readonly sessions: Sessions;
  readonly background: Pick<BackgroundFollower, 'told'>;
  readonly permissions: Permissions;
  readonly logs: LogStore;
  readonly clock: Clock;
  readonly credentialUse: CredentialUseNotes;
  readonly checkpoints: TurnCheckpoints;
  /** An agent as people know it. */
  readonly nameOf: (agentId: string, projectDir: string) => string;
  readonly billingPageOf: BillingPageOf;
  /** Hosts that it asks for by itself. */
  readonly ownTrafficOf: (agentId: string, projectDir: string) => readonly string[];
  /** How the keys of all providers look, which no terminal shows. */
  readonly tokenShapes: () => readonly TokenShape[];
  /** Called after the event is in the database. */
  readonly onRunEvent: (stored: StoredRunEvent) => void;
  readonly onTurnsChanged: () => void;
  readonly onEnded: () => void;
}

/** Takes accepted turns to their ends: by themselves, by a cancel, or because their agent is gone. */
export function createTurnExecution(options: TurnExecutionOptions) {
  const { store, active, runner, agents, sessions, background, permissions, logs, clock } = options;
  const { credentialUse, checkpoints, nameOf, ownTrafficOf, tokenShapes, onRunEvent, onTurnsChanged } = options;
  const recorder = createRecorder({ store, clock, permissions, onRunEvent, onTurnsChanged });
  const ending: Ending = createEnding({
    recorder,
    logs,
    credentialUse,
    nameOf,
    billingPageOf: options.billingPageOf,
    onEnded: (turn) => {
      active.remove(turn);
      options.onEnded();
    },
    onUnsaved: (turn, outcome) => unsavedEnds.keep(turn, outcome),
  });
  const unsavedEnds = createUnsavedEnds({ clock, save: ending.save, onChange: onTurnsChanged });
  const awaiting = createAwaitingCredential({ recorder });
  const terminals = createTurnTerminals({
    runner,
    recorder,
    clock,
    shapes: tokenShapes,
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
    checkpoints,
    hadTurns: ({ sessionId }) => store.list({ limit: 2, sessionId }).length > 1,
    agentOnSameFiles: (turn) => {
      const other = active.sharingFilesWith(turn);
      return other && nameOf(other.agentId, other.projectDir);
    },
  });
  const isTurnsOwn = (turn: ActiveTurn | undefined, host: string): boolean =>
    turn !== undefined && isOwnTraffic(ownTrafficOf(turn.agentId, turn.projectDir), host, turn.tools.size > 0);
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
  return {
    queue: createTurnQueue({ driver }),
    ending,
    unsavedEnds,
    cancel: createCancel({ runner, sessions, ending, logs, clock }),
    lookAgain: awaiting.lookAgain,
    isOwnTraffic: isTurnsOwn,
    unfollow,
  };
}
