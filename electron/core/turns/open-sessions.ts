import type { WireError } from '../../../shared/errors/perch-error.ts';
import type { ActiveTurns } from './active-turns.ts';
import type { Ending } from './ending.ts';
import type { SessionFacts, Sessions } from './sessions.ts';

/** The agents that run, with the turns in them. */
export function createOpenSessions(options: {
  active: Pick<ActiveTurns, 'runningIn'>;
  sessions: Pick<Sessions, 'facts' | 'close'>;
  ending: Pick<Ending, 'failed'>;
}) {
  const { active, sessions, ending } = options;
  return {
    list: (): (SessionFacts & { turnId?: string })[] =>
      sessions.facts().map((session) => {
        const turn = active.runningIn(session.sessionId);
        return { ...session, ...(turn === undefined ? {} : { turnId: turn.turnId }) };
      }),
    /** Stops the agent at once; the turn that runs in it fails with this error. Answers when the agent is gone. */
    async restart(sessionId: string, error: WireError): Promise<void> {
      const turn = active.runningIn(sessionId);
      if (turn !== undefined) ending.failed(turn, { error });
      await sessions.close(sessionId);
    },
  };
}
