import type { KeychainHealth } from '../../../shared/model/keychain.ts';
import type { CredentialService } from '../credentials/credential-service.ts';
import type { Renewer } from '../credentials/renewal/renewer.ts';

/** States that end without Perch hearing of it, and that can be looked at without a question to the user. */
const MAY_BE_OVER: ReadonlySet<KeychainHealth['state']> = new Set(['absent', 'no-collection', 'failed']);

/**
 * Checks the credentials of a session again before it gets them: a keychain that was gone may be back, and a token that
 * is about to expire is renewed.
 */
export function createFreshen(deps: {
  credentials: Pick<CredentialService, 'resolve' | 'health' | 'checkHealth'>;
  renewer: Pick<Renewer, 'freshen'>;
}): Renewer['freshen'] {
  const { credentials, renewer } = deps;
  return async (request) => {
    const unreadable = credentials.resolve(request).state === 'unreadable';
    if (unreadable && MAY_BE_OVER.has(credentials.health().state)) await credentials.checkHealth();
    await renewer.freshen(request);
  };
}
