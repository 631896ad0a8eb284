import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { BackgroundAction, BackgroundFacts, BackgroundSession } from '../../../shared/model/background.ts';
import type { GuardedFile } from '../../../shared/model/guarded-file.ts';
import type { TurnRunner } from './ports.ts';
import type { SessionFacts } from './sessions.ts';

/**
 * The processes that turns left running in the sessions that wait for their next one: the runner's facts, in
 * memory alone.
 */
export interface BackgroundService {
  list(): BackgroundSession[];
  /** @throws PerchError BACKGROUND_GONE, BACKGROUND_IN_TURN */
  act(sessionId: string, act: BackgroundAction): Promise<void>;
}

export interface BackgroundFollower extends BackgroundService {
  told(facts: BackgroundFacts): void;
  /** True when the session waits with processes that ending it would end. */
  has(sessionId: string): boolean;
  /** A turn begins in it, or it is gone. */
  forget(sessionId: string): void;
}

export function createBackground(options: {
  readonly runner: Pick<TurnRunner, 'request'>;
  readonly sessionOf: (sessionId: string) => Pick<SessionFacts, 'agentId' | 'projectDir'> | undefined;
  readonly onChange: () => void;
  readonly onFound: (turnId: string, files: readonly GuardedFile[]) => void;
  /** The last one of its processes is gone. */
  readonly onNone: (sessionId: string) => void;
}): BackgroundFollower {
  const { runner, sessionOf, onChange, onFound, onNone } = options;
  const sessions = new Map<string, BackgroundSession>();
  const forget = (sessionId: string): void => {
    if (sessions.delete(sessionId)) onChange();
  };
  return {
    list: () => [...sessions.values()],
    has: (sessionId) => (sessions.get(sessionId)?.processes.length ?? 0) > 0,
    forget,
    told({ found, ...facts }) {
      const { sessionId, turnId, processes } = facts;
      const of = sessionOf(sessionId);
      const had = sessions.has(sessionId);
      if (found.length > 0) onFound(turnId, found);
      if (of === undefined || processes.length === 0) forget(sessionId);
      else {
        sessions.set(sessionId, { ...facts, agentId: of.agentId, projectDir: of.projectDir });
        onChange();
      }
      if (had && processes.length === 0) onNone(sessionId);
    },
    async act(sessionId, act) {
      if (!sessions.has(sessionId)) throw new PerchError('BACKGROUND_GONE');
      await runner.request('session.background', { sessionId, act });
    },
  };
}
