import { expect, test } from 'vitest';
import type { AllowedHost } from '../../../shared/model/egress.ts';
import { commandLine, TURN_ID } from '../testing/command-line.ts';

const ALLOWED: AllowedHost = {
  scope: { kind: 'project', projectDir: '/p' },
  host: '*.example.com',
  port: 443,
  allowedAt: 1,
};
const handlers = {
  'egress.list': async () => ({
    allowed: [ALLOWED],
    refused: [
      {
        agentId: 'codex',
        projectDir: '/p',
        sessionId: TURN_ID,
        host: 'pypi.org',
        port: 443,
        reason: 'not-allowed' as const,
        at: 1,
      },
    ],
  }),
  'egress.allow': async () => ({ allowed: [ALLOWED] }),
  'egress.remove': async () => ({ removed: [ALLOWED] }),
};

test('the allowed hosts, and those that were refused', async () => {
  const cli = commandLine({ handlers });
  expect(await cli.run('hosts', 'list')).toBe(0);
  expect(await cli.out()).toBe(
    [
      'host           port  applies to',
      '*.example.com  443   project /p',
      'Perch blocked codex from pypi.org:443',
      '',
    ].join('\n'),
  );
});

test('JSON carries what the core answers', async () => {
  const cli = commandLine({ handlers });
  expect(await cli.run('hosts', 'allow', '*.example.com', '--json')).toBe(0);
  expect(JSON.parse(await cli.out())).toEqual({ allowed: [ALLOWED] });
});

test.each([
  [['example.com'], { host: 'example.com', ports: [443] }],
  [['example.com:8443'], { host: 'example.com', ports: [8443] }],
  [['[2606:4700::1]:8443'], { host: '[2606:4700::1]', ports: [8443] }],
])('allow %j is for this project and 443 unless it says otherwise', async (operands, params) => {
  const cli = commandLine({ handlers });
  expect(await cli.run('hosts', 'allow', ...operands)).toBe(0);
  expect(cli.calls.at(-1)).toMatchObject({
    method: 'egress.allow',
    params: { ...params, scope: { kind: 'project' } },
  });
});

test('remove names the scope, and all ports unless one is given', async () => {
  const cli = commandLine({ handlers });
  expect(await cli.run('hosts', 'remove', 'example.com', '--scope', 'agent:codex')).toBe(0);
  expect(cli.calls.at(-1)).toEqual({
    method: 'egress.remove',
    params: { scope: { kind: 'agent', agentId: 'codex' }, host: 'example.com' },
  });
});

test.each([
  ['hosts', 'allow', 'example.com', '--scope', 'global'],
  ['hosts', 'allow', 'example.com:0'],
  ['hosts', 'allow', 'example.com:70000'],
  ['hosts', 'allow'],
])('%j %j %j is not understood', async (...words) => {
  const cli = commandLine({ handlers });
  expect(await cli.run(...words)).toBe(2);
  expect(cli.calls).toEqual([]);
});
