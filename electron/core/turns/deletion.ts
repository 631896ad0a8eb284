import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { GivenNames } from '../launch/session-env/given-names.ts';
import type { LogStore } from '../storage/logs/log-store.ts';
import type { ActiveTurns } from './active-turns.ts';
import type { AgentSessionStore } from './agent-session-store.ts';
import type { Sessions } from './sessions.ts';
import type { TurnStore } from './turn-store.ts';

/** Deletes sessions for good: the agent, the turns, the names it was given, the log. */
export function createDeletion(options: {
  store: Pick<TurnStore, 'sessionOrigin' | 'deleteSession'>;
  active: Pick<ActiveTurns, 'isBusy'>;
  sessions: Pick<Sessions, 'close'>;
  agentSessions: Pick<AgentSessionStore, 'remove'>;
  given: Pick<GivenNames, 'drop'>;
  logs: Pick<LogStore, 'remove'>;
  onDeleted: () => void;
}) {
  const { store, active, sessions, agentSessions, given, logs, onDeleted } = options;
  /** Answers how many turns the session had. @throws PerchError NOT_FOUND, SESSION_BUSY */
  return async (sessionId: string): Promise<number> => {
    if (store.sessionOrigin(sessionId) === undefined) throw new PerchError('NOT_FOUND');
    if (active.isBusy(sessionId)) throw new PerchError('SESSION_BUSY');
    await sessions.close(sessionId);
    const deleted = store.deleteSession(sessionId);
    agentSessions.remove(sessionId);
    given.drop(sessionId);
    logs.remove(`session:${sessionId}`);
    onDeleted();
    return deleted;
  };
}
