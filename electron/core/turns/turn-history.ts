import type { Params, Result } from '../../../shared/contract/methods.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { TurnSummary } from '../../../shared/model/run-event.ts';
import type { Clock } from '../../node/clock.ts';
import { realOrSame } from '../../node/paths.ts';
import { REACHABLE_MS } from './housekeeping.ts';
import type { TurnQuery } from './turn-reader.ts';
import type { TurnStore } from './turn-store.ts';

const RECENT_TURNS = 50;
const RECENT_PROJECTS = 20;

/** The turns as people ask for them: the stored facts, with the ends that are not stored yet. */
export function createTurnHistory(options: {
  store: Pick<TurnStore, 'get' | 'list' | 'folded' | 'events' | 'reachable' | 'projects' | 'sessionsIn'>;
  clock: Pick<Clock, 'now'>;
  scratchDir: string;
  /** The turn as it ended, also when the database did not take its end. */
  asEnded: (summary: TurnSummary) => TurnSummary;
}) {
  const { store, clock, scratchDir, asEnded } = options;

  function get(turnId: string): TurnSummary {
    const turn = store.get(turnId);
    if (turn === undefined) throw new PerchError('NOT_FOUND');
    return asEnded(turn);
  }

  const list = (query: TurnQuery): TurnSummary[] => store.list(query).map(asEnded);

  return {
    /** @throws PerchError NOT_FOUND */
    get,
    /** Newest first. */
    list,
    /** @throws PerchError NOT_FOUND */
    events({ turnId, after, limit }: Params<'turns.events'>): Result<'turns.events'> {
      const turn = get(turnId);
      const folded = store.folded(turnId);
      if (folded !== undefined) return { turn, events: [], folded };
      return { turn, events: store.events({ turnId, after, limit }) };
    },
    /** The turns that a client which comes back may ask for without looking through the history. */
    recent(): TurnSummary[] {
      const newest = list({ limit: RECENT_TURNS });
      const oldest = newest.at(-1);
      if (oldest === undefined || newest.length < RECENT_TURNS) return newest;
      const others = new Set(newest.map(({ turnId }) => turnId));
      const reachable = store.reachable(clock.now() - REACHABLE_MS).filter(({ turnId }) => !others.has(turnId));
      return [...newest, ...reachable.map(asEnded)];
    },
    /** At most 20, most recently used first, without the scratch folder. */
    recentProjects: (): string[] =>
      store
        .projects(RECENT_PROJECTS + 1)
        .filter((directory) => directory !== realOrSame(scratchDir))
        .slice(0, RECENT_PROJECTS),
    sessionsIn: store.sessionsIn,
  };
}
