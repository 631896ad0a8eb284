import { expect, test } from 'vitest';
import { contains, sandboxPolicy } from './sandbox-policy.ts';

const state = { hostPath: '/home/user/.perch/agents/x/home', sandboxPath: '/home/agent' };
const policy = (programParts: string[]) =>
  sandboxPolicy({
    enforcement: 'required',
    programParts,
    workingDirectory: '/projects/one',
    state,
    closed: ['/home/user/.perch', '/home/user'],
  }).readOnly.map(({ path }) => path);

test('the parts of the programs are readable, each once, none inside another', () => {
  expect(policy(['/opt/agent', '/opt/agent/bin/x', '/opt/node', '/opt/node', '/opt/agent-two'])).toEqual([
    '/opt/agent',
    '/opt/agent-two',
    '/opt/node',
  ]);
});

test("no part opens the home or Perch's own data as a whole", () => {
  expect(policy(['/home', '/', '/home/user', '/home/user/.perch', '/home/user/.local/bin/agent'])).toEqual([
    '/home/user/.local/bin/agent',
  ]);
});

test('a policy shares the network, opens nothing for writing but what the session owns, and needs every part', () => {
  const workingDirectory = '/projects/one';
  expect(
    sandboxPolicy({ enforcement: 'off', programParts: ['/opt/b', '/opt/a'], workingDirectory, state, closed: [] }),
  ).toEqual({
    enforcement: 'off',
    readOnly: [
      { path: '/opt/a', optional: false },
      { path: '/opt/b', optional: false },
    ],
    writable: [],
    state,
    workingDirectory,
    network: 'shared',
  });
});

test.each([
  ['/home/user', '/home/user', true],
  ['/home/user', '/home/user/', true],
  ['/home/user', '/home/user/a/b', true],
  ['/home/user', '/home/user/..cache', true],
  ['/', '/..cache', true],
  ['/home/user', '/home/user2', false],
  ['/home/user', '/home', false],
  ['/home/user', '/home/other', false],
  ['/home/user', '/home/user/../other', false],
])('whether %s has %s in it: %s', (folder, path, expected) => {
  expect(contains(folder, path)).toBe(expected);
});
