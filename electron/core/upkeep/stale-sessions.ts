import { defined } from '../../../shared/defined.ts';
import type { CredentialView } from '../../../shared/model/credential.ts';
import type { StaleSession } from '../../../shared/model/stale-session.ts';
import type { CredentialService } from '../credentials/credential-service.ts';
import { staleReason } from '../credentials/stale.ts';
import { staleVariable } from '../credentials/variables/stale.ts';
import type { VariableService } from '../credentials/variables/variable-service.ts';
import type { SettingsService } from '../settings/settings.ts';
import type { TurnService } from '../turns/turn-service.ts';

export interface StaleSessions {
  list(): StaleSession[];
  /** Something changed: those that are idle are closed, those with a running turn when it is over. */
  settle(): void;
  /** At once, ending the turns that run in them; without ids every one. Answers which, when they are gone. */
  restart(sessionIds?: readonly string[]): Promise<string[]>;
}

/**
 * The sessions that still hold the value of a credential or a variable which changed since. Nothing is remembered: the
 * values of a session are compared with those that it would get now. `onFailure` hears of a close that went wrong.
 */
export function createStaleSessions(options: {
  credentials: Pick<CredentialService, 'list'>;
  variables: Pick<VariableService, 'list'>;
  turns: Pick<TurnService, 'openSessions' | 'closeSessionsOf' | 'restartSession'>;
  settings: Pick<SettingsService, 'agent'>;
  onFailure: (error: unknown) => void;
}): StaleSessions {
  const { credentials, variables, turns, settings, onFailure } = options;

  function list(): StaleSession[] {
    const now = credentials.list();
    const variablesNow = variables.list();
    return turns.openSessions().flatMap((open) => {
      const { sessionId, agentId, projectDir, turnId } = open;
      const session = { sessionId, agentId, projectDir, ...defined({ turnId }) };
      for (const credential of open.credentials) {
        // A declared value is not stored: the next session reads its source again.
        if (credential.storage === 'declared') continue;
        const chosenAccount = settings.agent(agentId).accounts?.[credential.providerId];
        const reason = staleReason(credential, { agentId, projectDir, chosenAccount }, now);
        if (reason === undefined) continue;
        return [{ ...session, credential: nameOf(credential), reason }];
      }
      for (const held of open.variables) {
        const reason = staleVariable(held, { agentId, projectDir }, variablesNow);
        if (reason === undefined) continue;
        const { name: variable, scope, storage, shown } = held;
        const masked = storage === 'plain' ? '' : shown;
        return [{ ...session, credential: { variable, scope, masked }, reason }];
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
          const values = { variable, agentId, ...defined({ providerId }) };
          const error = { code: 'SESSION_RESTARTED' as const, values };
          return turns.restartSession(sessionId, error);
        }),
      );
      return meant.map(({ sessionId }) => sessionId);
    },
  };
}

function nameOf({ credentialId, providerId, variable, scope, account, masked }: CredentialView) {
  return { credentialId, providerId, variable, scope, masked, ...defined({ account }) };
}
