import { sharesFiles } from '../../../shared/model/shared-folder.ts';
import type { ActiveTurn } from './active-turn.ts';

export type ActiveTurns = ReturnType<typeof createActiveTurns>;

/** The turns that have not ended, by their ids. */
export function createActiveTurns() {
  const turns = new Map<string, ActiveTurn>();
  const all = (): ActiveTurn[] => [...turns.values()];
  return {
    all,
    get: (turnId: string): ActiveTurn | undefined => turns.get(turnId),
    has: (turnId: string): boolean => turns.has(turnId),
    add: (turn: ActiveTurn): void => void turns.set(turn.turnId, turn),
    remove: ({ turnId }: ActiveTurn): void => void turns.delete(turnId),
    /** True when no turn has an agent or is about to get one. */
    isIdle: (): boolean => all().every(({ phase }) => phase === 'queued'),
    /** True when the session has a turn, a queued one included. */
    isBusy: (sessionId: string): boolean => all().some((turn) => turn.sessionId === sessionId),
    /** The turn that runs in the session; a queued one does not. */
    runningIn: (sessionId: string): ActiveTurn | undefined =>
      all().find((turn) => turn.sessionId === sessionId && turn.phase !== 'queued'),
    /** The turn whose agent is starting or at work in the session. */
    inAgentOf: (sessionId: string): ActiveTurn | undefined =>
      all().find((turn) => turn.sessionId === sessionId && isInAgent(turn)),
    /** The turn of another session whose agent works on the same files. */
    sharingFilesWith: ({ sessionId, projectDir }: ActiveTurn): ActiveTurn | undefined =>
      all().find((turn) => isInAgent(turn) && turn.sessionId !== sessionId && sharesFiles(turn.projectDir, projectDir)),
  };
}

function isInAgent({ phase }: ActiveTurn): boolean {
  return phase === 'starting' || phase === 'prompting';
}
