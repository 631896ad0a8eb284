import type { CredentialView } from '../../../shared/model/credential.ts';
import type { CredentialService } from '../credentials/service.ts';
import type { SessionFacts } from '../runs/sessions.ts';
import type { TurnService } from '../runs/turn-service.ts';

/** Whether a session may have been started with this credential's value. Pure. */
export function mayHold(session: Pick<SessionFacts, 'agentId' | 'providerId'>, credential: CredentialView): boolean {
  if (session.providerId !== credential.providerId) return false;
  return credential.scope.kind !== 'agent' || credential.scope.agentId === session.agentId;
}

/**
 * The credentials, with this added: the sessions that may hold a value which was replaced or removed are closed, at
 * once when idle, otherwise after the turn that runs in them. `onFailure` hears when that went wrong.
 */
export function closingStaleSessions(options: {
  credentials: Pick<CredentialService, 'list' | 'set' | 'remove' | 'checkHealth'>;
  turns: Pick<TurnService, 'closeSessionsOf'>;
  onFailure: (error: unknown) => void;
  /** After one was stored or replaced. */
  onStored: (credential: CredentialView) => void;
}) {
  const { credentials, turns, onFailure, onStored } = options;
  const close = (credential: CredentialView) =>
    void turns.closeSessionsOf((session) => mayHold(session, credential)).catch(onFailure);
  return {
    list: () => credentials.list(),
    checkHealth: () => credentials.checkHealth(),
    async set(params: Parameters<CredentialService['set']>[0]) {
      const done = await credentials.set(params);
      if (done.replaced) close(done.credential);
      onStored(done.credential);
      return done;
    },
    async remove(params: Parameters<CredentialService['remove']>[0]) {
      const done = await credentials.remove(params);
      close(done.removed);
      return done;
    },
  };
}
