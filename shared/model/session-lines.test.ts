import { expect, test } from 'vitest';
import { groupOf, sessionLines } from './session-lines.ts';

const KEY = {
  name: 'ANTHROPIC_API_KEY',
  source: 'keychain',
  reason: 'reason.credential-global',
  secret: true,
  shown: '••••CCAA',
} as const;
const PATH = { name: 'PATH', source: 'base', reason: 'reason.path', secret: false, shown: '/usr/bin' } as const;
const plan = { set: [PATH, KEY], unset: [], denied: [] };
const fence = {
  workingDirectory: '/home/ada/app',
  sandbox: { state: 'on', backend: 'bubblewrap' },
  network: {
    kind: 'proxy',
    hosts: [
      { host: 'api.anthropic.com', ports: [443] },
      { host: 'registry.local', ports: [8080] },
    ],
    loopback: [{ address: '127.0.0.1', port: 11434 }],
  },
} as const;

test('five lines, the credential first', () => {
  const lines = sessionLines({ plan, fence: structuredClone(fence) as never }, 'claude-opus-5-5 (default)');
  expect(lines.map(({ what, said }) => [what, said])).toEqual([
    ['credential', [{ key: 'session.credential.keychain', values: { name: KEY.name, shown: KEY.shown } }]],
    ['model', [{ text: 'claude-opus-5-5 (default)' }]],
    ['hosts', [{ text: 'api.anthropic.com' }, { text: 'registry.local:8080' }, { text: '127.0.0.1:11434' }]],
    ['folder', [{ text: '/home/ada/app' }]],
    ['sandbox', [{ key: 'session.sandbox.on', values: { backend: 'bubblewrap' } }]],
  ]);
  expect(lines.some(({ open }) => open)).toBe(false);
});

test('an open fence stands out, and a session without a credential says so', () => {
  const open = { ...fence, sandbox: { state: 'off' }, network: { kind: 'shared' } } as const;
  const lines = sessionLines({ plan: { ...plan, set: [] }, fence: open }, 'm');
  expect(lines.filter((line) => line.open).map(({ what }) => what)).toEqual(['hosts', 'sandbox']);
  expect(lines[0]?.said).toEqual([{ key: 'session.credential.none', values: {} }]);
  const own = sessionLines({ plan: { ...plan, set: [], login: { files: ['/x'] } }, fence: open }, 'm');
  expect(own[0]?.said).toEqual([{ key: 'session.credential.login', values: {} }]);
});

test('the user’s own secret variable is no credential of a provider', () => {
  expect(groupOf({ ...KEY, reason: 'reason.variable-global' })).toBe('own');
  expect(groupOf(KEY)).toBe('credential');
  expect(groupOf(PATH)).toBe('base');
});
