import { expect, test } from 'vitest';
import type { McpServer } from '../../../shared/model/mcp-server.ts';
import { draftOfServer, EMPTY_MCP, isComplete, transportOfDraft } from './draft.ts';

const SERVERS: McpServer['transport'][] = [
  {
    type: 'stdio',
    command: 'npx',
    args: ['-y', 'a file'],
    env: [{ name: 'A', value: 'b=c' }],
    hosts: [{ host: 'example.com', port: 443 }],
    folders: ['/opt/x'],
  },
  { type: 'http', url: 'https://mcp.example.com/', headers: [{ name: 'X-A', value: 'b: c' }] },
];

test.each(SERVERS)('what was stored as $type is the same after a look at it', (transport) => {
  const scope = { kind: 'agent', agentId: 'codex' } as const;
  const draft = draftOfServer({ serverId: 'x', scope, name: 'one', enabled: true, transport });
  expect(transportOfDraft(draft)).toEqual({ value: transport });
  expect(isComplete(draft)).toBe(true);
});

test('a host without a port is one of https', () => {
  const draft = { ...EMPTY_MCP, command: 'x', hosts: 'example.com\n\n[::1]:5432' };
  expect(transportOfDraft(draft)).toMatchObject({
    value: {
      hosts: [
        { host: 'example.com', port: 443 },
        { host: '[::1]', port: 5432 },
      ],
    },
  });
});

test.each([
  [{ env: 'A=1\nnothing' }, 'nothing'],
  [{ hosts: 'a b' }, 'a b'],
  [{ hosts: 'a:0' }, 'a:0'],
  [{ type: 'http', headers: 'nothing' }, 'nothing'],
] as const)('a line that is not understood is named: %o', (changes, line) => {
  expect(transportOfDraft({ ...EMPTY_MCP, ...changes })).toEqual({ line });
});

test('without a name, or nothing to reach, it is not complete', () => {
  expect(isComplete({ ...EMPTY_MCP, command: 'x' })).toBe(false);
  expect(isComplete({ ...EMPTY_MCP, name: 'x', type: 'http' })).toBe(false);
});
