import { expect, test } from 'vitest';
import { sandboxPolicy } from './sandbox-policy.ts';

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
