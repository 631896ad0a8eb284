import { defined } from '../../../../shared/defined.ts';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { CredentialView } from '../../../../shared/model/credential.ts';
import type { Clock } from '../../../node/clock.ts';
import type { CredentialService } from '../credential-service.ts';
import type { Renewable, RenewedTokens } from './renewing.ts';
import type { RequestTokens } from './token-request.ts';

/**
 * Exchanges the stored refresh token of a credential at its server.
 * @throws PerchError NOT_FOUND, RENEWAL_FAILED, RENEWAL_REFUSED, CREDENTIAL_UNREADABLE, KEYCHAIN_*
 */
export async function requestRenewedTokens(
  { credential, tokenEndpoint, clientId }: Renewable,
  parts: {
    credentials: Pick<CredentialService, 'refreshToken'>;
    requestTokens: RequestTokens;
    clock: Pick<Clock, 'now'>;
    signal: AbortSignal;
  },
): Promise<RenewedTokens> {
  const refreshToken = await parts.credentials.refreshToken(credential.credentialId);
  if (refreshToken === undefined) throw new PerchError('NOT_FOUND');
  const asked = parts.clock.now();
  const answer = await parts.requestTokens({ tokenEndpoint, clientId, refreshToken }, parts.signal);
  if (answer.kind === 'refused') throw renewalRefused(credential);
  const { variable, providerId } = credential;
  if (answer.kind === 'failed') throw new PerchError('RENEWAL_FAILED', { variable, providerId, reason: answer.reason });
  const { value, refreshToken: next, lifeSeconds } = answer;
  return {
    value,
    ...defined({ refreshToken: next }),
    ...(lifeSeconds === undefined ? {} : { expiresAt: asked + lifeSeconds * 1000 }),
  };
}

export function renewalRefused({ variable, providerId }: CredentialView): PerchError {
  return new PerchError('RENEWAL_REFUSED', { variable, providerId });
}
