import type { Params, Result } from '../../../../shared/contract/methods.ts';
import type { CredentialView } from '../../../../shared/model/credential.ts';
import type { KeychainHealth } from '../../../../shared/model/keychain.ts';
import type { CredentialImport } from '../../credentials/import/import.ts';
import type { LivenessService } from '../../credentials/liveness/liveness-service.ts';
import type { Renewer } from '../../credentials/renewal/renewer.ts';
import type { CredentialTrail } from '../../credentials/trail.ts';
import type { Orphans } from '../../keychain/orphans/orphans.ts';
import type { StaleSessions } from '../../upkeep/stale-sessions.ts';
import type { HandlersOf } from './namespace.ts';

interface Credentials {
  list(): CredentialView[];
  set(params: Params<'credentials.set'>): Promise<Result<'credentials.set'>>;
  remove(params: Params<'credentials.remove'>): Promise<Result<'credentials.remove'>>;
  checkHealth(): Promise<KeychainHealth>;
}

export function credentialHandlers({
  credentials,
  liveness,
  trail,
  imports,
  staleSessions,
  renewer,
  orphans,
}: {
  credentials: Credentials;
  liveness: LivenessService;
  trail: Pick<CredentialTrail, 'list'>;
  staleSessions: Pick<StaleSessions, 'list' | 'restart'>;
  renewer: Pick<Renewer, 'renew'>;
  imports: Pick<CredentialImport, 'candidates' | 'take'>;
  orphans: Orphans;
}): HandlersOf<'credentials' | 'keychain'> {
  return {
    'credentials.list': async () => ({ credentials: credentials.list() }),
    'credentials.set': (params) => credentials.set(params),
    'credentials.remove': (params) => credentials.remove(params),
    'credentials.check': (params) => liveness.check(params),
    'credentials.renew': async ({ credentialId }) => ({ credential: await renewer.renew(credentialId) }),
    'credentials.staleSessions': async () => ({ sessions: staleSessions.list() }),
    'credentials.restartSessions': async ({ sessionIds }) => ({ restarted: await staleSessions.restart(sessionIds) }),
    'credentials.trail': async (params) => ({ events: trail.list(params) }),
    'credentials.importCandidates': (params) => imports.candidates(params),
    'credentials.import': (params) => imports.take(params),
    'keychain.orphans': () => orphans.list(),
    'keychain.removeOrphans': ({ installationIds }) => orphans.remove(installationIds),
    'keychain.check': async () => ({ health: await credentials.checkHealth() }),
  };
}
