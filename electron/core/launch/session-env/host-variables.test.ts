import { expect, test } from 'vitest';
import { deniedHostVariables } from './host-variables.ts';

const reasonsOf = (environment: Record<string, string | undefined>, known: string[] = []) =>
  deniedHostVariables(environment, new Set(known)).map(({ name, reason }) => [name, reason]);

test.each([
  ['ANTHROPIC_BASE_URL', 'reason.denied-steering'],
  ['aws_region', 'reason.denied-steering'],
  ['TOKEN', 'reason.denied-secret'],
  ['APIKEY', 'reason.denied-secret'],
  ['MY_APIKEY', 'reason.denied-secret'],
  ['MY_API_KEY_2', 'reason.denied-secret'],
  ['MY_CREDENTIAL', 'reason.denied-secret'],
  ['MY_CREDENTIALS', 'reason.denied-secret'],
  ['HOME_TOKEN', 'reason.denied-secret'],
  ['HTTP_PROXY', 'reason.denied-proxy'],
  ['https_proxy', 'reason.denied-proxy'],
  ['no_proxy', 'reason.denied-proxy'],
  ['DISPLAY', 'reason.denied-socket'],
  ['SSH_AUTH_SOCK', 'reason.denied-socket'],
  ['DBUS_SESSION_BUS_ADDRESS', 'reason.denied-socket'],
  ['LD_LIBRARY_PATH', 'reason.denied-reserved'],
  ['NODE_OPTIONS', 'reason.denied-reserved'],
])('%s is kept out for the reason %s', (name, reason) => {
  expect(deniedHostVariables({ [name]: 'x' }, new Set())).toEqual([{ name, source: 'host', reason }]);
});

test.each([
  'FOO',
  'COLORTERM',
  'MY_AWS_REGION',
  'AWSOME',
  'TOKENS',
  'MYTOKEN',
  'MY_HTTP_PROXY',
  'HTTP_PROXY_HOST',
  'MY_DISPLAY',
  'DISPLAYS',
  'PATH',
  'Path',
  'HOME',
  'XDG_RUNTIME_DIR',
  'PERCH_DATA_DIR',
])('%s is not worth a line', (name) => {
  expect(reasonsOf({ [name]: 'x' })).toEqual([]);
});

test('a credential of an agent is called that before anything else, in any case', () => {
  const environment = { my_token: 'x', HTTP_PROXY: 'x' };
  expect(reasonsOf(environment, ['MY_TOKEN', 'HTTP_PROXY'])).toEqual([
    ['HTTP_PROXY', 'reason.denied-credential'],
    ['my_token', 'reason.denied-credential'],
  ]);
});

test('what has no value is not kept out', () => {
  expect(reasonsOf({ A_TOKEN: '', B_TOKEN: undefined, C_TOKEN: ' ' })).toEqual([['C_TOKEN', 'reason.denied-secret']]);
});
