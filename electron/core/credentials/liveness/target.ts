import type { LivenessReason } from '../../../../shared/model/liveness.ts';
import type { Provider, VariableValues } from '../../providers/provider.ts';
import type { ProviderVariable } from '../../providers/schema.ts';

type Target =
  | { readonly kind: 'askable'; readonly url: string; headersFor(value: string): Headers }
  | { readonly kind: 'not-askable'; readonly reason: LivenessReason };

type Headers = Readonly<Record<string, string>>;

/**
 * Where something can be asked with a credential of this variable, and how it is sent; or why it cannot be. The address
 * is the registry's or the user's own endpoint. Pure.
 * @param values of the provider's variables that are no secret, for addresses that name some
 */
export function decideTarget(
  provider: Provider,
  request: 'liveness' | 'modelList',
  { variable, values }: { variable: string; values: VariableValues },
): Target {
  const { auth } = provider;
  const asked = provider[request];
  const kind = provider.variables.find(({ name }) => name === variable)?.kind;
  if (kind === undefined || kind === 'plain') return { kind: 'not-askable', reason: 'plain' };
  if (asked === undefined) return { kind: 'not-askable', reason: 'no-request' };
  const sent = auth[kind];
  if (sent === undefined || !isTold(kind, asked.kinds)) return { kind: 'not-askable', reason: 'kind' };
  const url = provider.requestUrl(request, values);
  if (url === undefined) {
    const elsewhere = 'url' in asked.at && provider.override !== undefined;
    return { kind: 'not-askable', reason: elsewhere ? 'own-endpoint' : 'incomplete' };
  }
  return {
    kind: 'askable',
    url,
    headersFor: (value) => ({
      ...provider.headers,
      ...sent.headers,
      [sent.header]: sent.scheme === 'raw' ? value : `${sent.scheme} ${value}`,
    }),
  };
}

function isTold(kind: ProviderVariable['kind'], kinds: readonly ProviderVariable['kind'][] | undefined): boolean {
  return kinds === undefined || kinds.includes(kind);
}
