import type { CredentialView } from '../../../shared/model/credential.ts';
import type { CredentialService } from '../credentials/credential-service.ts';

/** The credentials as doors use them; `onStored` hears of each one that was stored or replaced. */
export function announcingStored(
  credentials: Pick<CredentialService, 'list' | 'set' | 'remove' | 'checkHealth'>,
  onStored: (credential: CredentialView) => void,
) {
  return {
    list: () => credentials.list(),
    checkHealth: () => credentials.checkHealth(),
    remove: (params: Parameters<CredentialService['remove']>[0]) => credentials.remove(params),
    async set(params: Parameters<CredentialService['set']>[0]) {
      const done = await credentials.set(params);
      onStored(done.credential);
      return done;
    },
  };
}
