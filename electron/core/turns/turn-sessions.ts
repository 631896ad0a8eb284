import type { GuardedFile } from '../../../shared/model/guarded-file.ts';
import type { Clock } from '../../node/clock.ts';
import type { GivenNames } from '../launch/session-env/given-names.ts';
import type { LogStore } from '../storage/logs/log-store.ts';
import type { AgentSessionStore } from './agent-session-store.ts';
import { type BackgroundFollower, createBackground } from './background.ts';
import type { TurnRunner } from './ports.ts';
import { createSessions, type Sessions } from './sessions.ts';
import type { TurnStore } from './turn-store.ts';

/** The agents that run, and the processes that turns left running in them. */
export function createTurnSessions(options: {
  runner: Pick<TurnRunner, 'request'>;
  clock: Clock;
  logs: LogStore;
  guarded: Pick<TurnStore['guarded'], 'addAll'>;
  agentSessions: Pick<AgentSessionStore, 'get' | 'set'>;
  given: Pick<GivenNames, 'set' | 'of'>;
  onSessionsChanged: () => void;
  onBackgroundChanged: () => void;
  /** Files were set aside between two turns. */
  onFilesFound: () => void;
}): { readonly sessions: Sessions; readonly background: BackgroundFollower } {
  const { runner, clock, logs, guarded, agentSessions, given, onFilesFound } = options;

  function noteFiles(turnId: string, files: readonly GuardedFile[]): void {
    try {
      if (guarded.addAll({ turnId, at: clock.now(), files })) onFilesFound();
    } catch (error) {
      const message = `Files that were set aside could not be noted: ${String(error)}`;
      logs.writer('core').write({ level: 'error', source: 'turns', message });
    }
  }

  const background = createBackground({
    runner,
    sessionOf: (sessionId) => sessions.facts().find((session) => session.sessionId === sessionId),
    onChange: options.onBackgroundChanged,
    onFound: noteFiles,
    onNone: (sessionId) => sessions.idle(sessionId),
  });
  const sessions = createSessions({
    runner,
    clock,
    agentSessions,
    background,
    given,
    onChange: options.onSessionsChanged,
    onCloseFailed: (sessionId, error) => {
      const message = `The session was not closed by the runner: ${String(error)}`;
      logs.writer(`session:${sessionId}`).write({ level: 'info', source: 'turn', message });
    },
  });
  return { sessions, background };
}
