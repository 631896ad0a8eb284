import { expect, test } from 'vitest';
import { isSendable } from '../../../../shared/credentials/sendable.ts';
import type { Provider } from '../../providers/provider.ts';
import { decideTarget } from './target.ts';

const KEYS = { header: 'x-key', scheme: 'raw', headers: { 'x-of-kind': '1' } } as const;
const AT_URL = { url: 'https://provider.example/models' };
const AT_DIALECT = { dialect: 'openai-chat', path: '/models' };

/** A provider that answers at `url`; undefined: it has no address to ask at. */
function providerWith(change: object = {}, url: string | undefined = 'https://provider.example/models'): Provider {
  return {
    variables: [
      { name: 'KEY', kind: 'api-key' },
      { name: 'TOKEN', kind: 'oauth-token' },
      { name: 'REGION', kind: 'plain' },
    ],
    auth: { 'api-key': KEYS },
    headers: { 'x-version': '2' },
    liveness: { at: AT_URL, dead: [401], limited: [], deadBodies: [], noCreditBodies: [] },
    override: undefined,
    requestUrl: () => url,
    ...change,
  } as unknown as Provider;
}
const decide = (provider: Provider, variable = 'KEY') =>
  decideTarget(provider, 'liveness', { variable, values: new Map() });

test('the value goes into its header, beside those of the provider and of its kind', () => {
  const target = decide(providerWith());
  expect(target).toMatchObject({ kind: 'askable', url: 'https://provider.example/models' });
  expect(target.kind === 'askable' && target.headersFor('v')).toEqual({
    'x-version': '2',
    'x-of-kind': '1',
    'x-key': 'v',
  });
  const bearer = decide(providerWith({ auth: { 'api-key': { ...KEYS, scheme: 'Bearer' } } }));
  expect(bearer.kind === 'askable' && bearer.headersFor('v')['x-key']).toBe('Bearer v');
});

const at = (place: object, more: object = {}) => ({ at: place, dead: [], limited: [], ...more });
test.each<[string, Provider, string, string]>([
  ['no secret', providerWith(), 'REGION', 'plain'],
  ['no variable of the provider', providerWith(), 'OTHER', 'plain'],
  ['no request', providerWith({ liveness: undefined }), 'KEY', 'no-request'],
  ['a kind that is not sent', providerWith(), 'TOKEN', 'kind'],
  ['a kind of which nothing is told', providerWith({ liveness: at(AT_URL, { kinds: ['bearer'] }) }), 'KEY', 'kind'],
])('%s cannot be asked about', (_, provider, variable, reason) => {
  expect(decide(provider, variable)).toEqual({ kind: 'not-askable', reason });
});

test.each<[string, object, string]>([
  ['an address of the registry beside an endpoint of the user', { override: 'https://own.example' }, 'own-endpoint'],
  ['an address that needs another variable', {}, 'incomplete'],
  [
    'an endpoint of the user that does not fit',
    { override: 'https://own.example', liveness: at(AT_DIALECT) },
    'incomplete',
  ],
])('%s is not asked', (_, change, reason) => {
  const provider = { ...providerWith(change), requestUrl: () => undefined };
  expect(decide(provider)).toEqual({ kind: 'not-askable', reason });
});

test('what a header can carry', () => {
  expect(['sk-1', 'a b\tc', 'é'].map(isSendable)).toEqual([true, true, true]);
  expect(['', 'a\nb', 'a\u2028', '\u007f', 'ab\u0000'].map(isSendable)).toEqual([false, false, false, false, false]);
});
