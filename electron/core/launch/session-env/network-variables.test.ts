import { expect, test } from 'vitest';
import { NETWORK_REASONS, networkVariables } from './network-variables.ts';

const PROXY = {
  url: 'http://proxy.example:8080',
  userName: undefined,
  exceptions: ['*.corp.example', 'a*.example'],
  setAt: 1,
};
const ownProxy = (change: { userName?: string } = {}) => ({ proxy: { ...PROXY, ...change }, certificates: undefined });
const valuesOf = (...input: Parameters<typeof networkVariables>) =>
  new Map(networkVariables(...input).map(({ name, value }) => [name, value]));

test('a session of the host’s network takes the proxy of the user, and its exceptions as programs write them', () => {
  const variables = networkVariables({ kind: 'shared' }, ownProxy());
  expect(new Set(variables.map(({ reason }) => reason))).toEqual(new Set(['reason.network-proxy']));
  const values = valuesOf({ kind: 'shared' }, ownProxy());
  expect(values.get('HTTPS_PROXY')).toBe('http://proxy.example:8080');
  expect(values.get('NO_PROXY')).toBe('localhost,127.0.0.1,::1,.corp.example,a*.example');
});

test('a proxy that wants a password, and one without any network, is not told', () => {
  expect(networkVariables({ kind: 'shared' }, ownProxy({ userName: 'me' }))).toEqual([]);
  expect(networkVariables({ kind: 'none' }, ownProxy())).toEqual([]);
});

test('certificates are told under each name, to add to others or to stand for all', () => {
  const certificates = { own: '/c/own.pem', all: '/c/all.pem' };
  const variables = networkVariables({ kind: 'none' }, { proxy: undefined, certificates });
  const all = (name: string) => ({ name, value: '/c/all.pem', reason: 'reason.network-certificates' });
  expect(variables).toEqual([
    { name: 'NODE_EXTRA_CA_CERTS', value: '/c/own.pem', reason: 'reason.network-certificates-added' },
    ...['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'GIT_SSL_CAINFO', 'CODEX_CA_CERTIFICATE'].map(all),
  ]);
});

test('every reason is known as one of the network', () => {
  expect(NETWORK_REASONS).toEqual([
    'reason.network-sandbox',
    'reason.network-proxy',
    'reason.network-certificates',
    'reason.network-certificates-added',
  ]);
});
