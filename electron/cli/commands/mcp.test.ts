// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to variables are the subject
import { expect, test } from 'vitest';
import type { Params } from '../../../shared/contract/methods.ts';
import type { McpServer } from '../../../shared/model/mcp-server.ts';
import { commandLine, TURN_ID } from '../testing/command-line.ts';

const SERVER: McpServer = {
  serverId: TURN_ID,
  scope: { kind: 'agent', agentId: 'codex' },
  name: 'files',
  enabled: true,
  transport: { type: 'stdio', command: 'npx', args: ['files'], env: [], hosts: [], folders: [] },
};

test('the list, and one of it turned off', async () => {
  const asked: unknown[] = [];
  const cli = commandLine({
    handlers: {
      'mcp.list': async () => ({ servers: [SERVER] }),
      'mcp.enable': async (params) => {
        asked.push(params);
        return { server: { ...SERVER, enabled: false } };
      },
    },
  });
  expect(await cli.run('mcp', 'list')).toBe(0);
  expect(await cli.run('mcp', 'disable', 'files', '--agent', 'codex')).toBe(0);
  expect(asked).toEqual([{ serverId: TURN_ID, enabled: false }]);
  expect(await cli.out()).toMatch(/files {2}on {5}stdio.*npx files.*agent codex[\s\S]*Off: files, agent codex/);
});

test('a server is added with its variables, hosts and folders', async () => {
  let added: Params<'mcp.set'> | undefined;
  const cli = commandLine({
    handlers: {
      'mcp.set': async (params) => {
        added = params;
        return { server: SERVER };
      },
    },
  });
  const options = ['--env', 'A=1', '--env', 'B=${C}', '--host', 'example.com', '--host', '127.0.0.1:5432'];
  const command = ['--', 'npx', '-y', 'files', '--json'];
  expect(await cli.run('mcp', 'add', 'files', '--agent', 'codex', ...options, '--read', '/opt/x', ...command)).toBe(0);
  expect(added?.transport).toEqual({
    type: 'stdio',
    command: 'npx',
    args: ['-y', 'files', '--json'],
    env: [
      { name: 'A', value: '1' },
      { name: 'B', value: '${C}' },
    ],
    hosts: [
      { host: 'example.com', port: 443 },
      { host: '127.0.0.1', port: 5432 },
    ],
    folders: ['/opt/x'],
  });
});

test.each([
  ['neither command nor address', []],
  ['both', ['--url', 'https://x.example', '--', 'npx']],
  ['a header for a command', ['--header', 'A: b', '--', 'npx']],
  ['two scopes', ['--agent', 'codex', '--project', '/p', '--', 'npx']],
  ['a variable without a value', ['--env', 'A', '--', 'npx']],
])('%s is no server', async (_name, rest) => {
  expect(await commandLine().run('mcp', 'add', 'files', ...rest)).toBe(2);
});

test('an agent that is not there has no list', async () => {
  const cli = commandLine({
    handlers: { 'agents.list': async () => ({ agents: [] }), 'mcp.list': async () => ({ servers: [] }) },
  });
  expect(await cli.run('mcp', 'list', '--agent', 'nobody', '--json')).toBe(1);
  expect(JSON.parse(await cli.out())).toMatchObject({ error: { code: 'AGENT_UNKNOWN' } });
});
