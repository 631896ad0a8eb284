import type { StaleSession } from '../../../shared/model/stale-session.ts';
import type { CredentialService } from '../credentials/service.ts';
import { staleReason } from '../credentials/stale.ts';
import type { TurnService } from '../runs/turn-service.ts';
import type { SettingsService } from '../settings/settings.ts';

export interface StaleSessions {
  list(): StaleSession[];
  /** Something changed: those that are idle are closed, those with a running turn when it is over. */
  settle(): void;
  /** At once, ending the turns that run in them; without ids every one. Answers which, when they are gone. */
  restart(sessionIds?: readonly string[]): Promise<string[]>;
}

/**
 * The sessions that still hold the value of a credential which changed since (R54). Nothing is remembered: what a
 * session holds is compared with what it would get now. `onFailure` hears of a close that went wrong.
 */
export function createStaleSessions(options: {
  credentials: Pick<CredentialService, 'list'>;
  turns: Pick<TurnService, 'openSessions' | 'closeSessionsOf' | 'restartSession'>;
  settings: Pick<SettingsService, 'agent'>;
  onFailure: (error: unknown) => void;
}): StaleSessions {
  const { credentials, turns, settings, onFailure } = options;

  function list(): StaleSession[] {
    const now = credentials.list();
    return turns.openSessions().flatMap(({ sessionId, agentId, projectDir, turnId, credentials: held }) => {
      for (const credential of held) {
        const chosenAccount = settings.agent(agentId).accounts?.[credential.providerId];
        const reason = staleReason(credential, { agentId, projectDir, chosenAccount }, now);
        if (reason === undefined) continue;
        const session = { sessionId, agentId, projectDir, ...(turnId === undefined ? {} : { turnId }) };
        return [{ ...session, credential: nameOf(credential), reason }];
      }
      return [];
    });
  }

  return {
    list,
    settle() {
      const stale = new Set(list().map(({ sessionId }) => sessionId));
      if (stale.size > 0) void turns.closeSessionsOf(({ sessionId }) => stale.has(sessionId)).catch(onFailure);
    },
    async restart(sessionIds) {
      const meant = list().filter(({ sessionId }) => sessionIds?.includes(sessionId) ?? true);
      await Promise.all(
        meant.map(({ sessionId, agentId, credential: { variable, providerId } }) => {
          const error = { code: 'SESSION_RESTARTED' as const, values: { variable, providerId, agentId } };
          return turns.restartSession(sessionId, error);
        }),
      );
      return meant.map(({ sessionId }) => sessionId);
    },
  };
}

function nameOf({ credentialId, providerId, variable, scope, account, masked }: StaleSession['credential']) {
  return { credentialId, providerId, variable, scope, masked, ...(account === undefined ? {} : { account }) };
}
