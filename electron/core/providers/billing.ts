import type { CredentialView } from '../../../shared/model/credential.ts';
import type { ProviderRegistry } from './registry.ts';

/**
 * The page where credit for a credential is bought. Undefined where it is not known, and for the token of a
 * subscription, which no credit of the API helps.
 */
export function billingPageOf(
  registry: Pick<ProviderRegistry, 'has' | 'get'>,
  { providerId, variable }: Pick<CredentialView, 'providerId' | 'variable'>,
): string | undefined {
  if (!registry.has(providerId)) return undefined;
  const { billingPage, variables } = registry.get(providerId);
  const isSubscription = variables.some(({ name, kind }) => name === variable && kind === 'oauth-token');
  return isSubscription ? undefined : billingPage;
}
