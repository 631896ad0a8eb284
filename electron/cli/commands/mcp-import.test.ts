import { expect, test } from 'vitest';
import type { McpOffer, McpTransport } from '../../../shared/model/mcp-server.ts';
import { commandLine, TURN_ID } from '../testing/command-line.ts';

const TRANSPORT: McpTransport = { type: 'stdio', command: 'npx', args: ['files'], env: [], hosts: [], folders: [] };
const OFFERS: McpOffer[] = [
  { state: 'free', name: 'files', transport: TRANSPORT },
  { state: 'taken', name: 'old' },
  { state: 'refused', name: 'odd', error: { code: 'MCP_ENTRY_INVALID', values: { name: 'odd' } } },
];
const cli = (file = '/projects/here/.mcp.json') =>
  commandLine({
    handlers: {
      'mcp.offered': async () => ({ file, offers: OFFERS }),
      'mcp.set': async ({ scope, name, transport }) => ({
        server: { serverId: TURN_ID, scope, name, enabled: true, transport },
      }),
    },
  });
const taken = (made: ReturnType<typeof cli>) => made.calls.filter(({ method }) => method === 'mcp.set');

test('without a name it shows what is offered, and takes nothing', async () => {
  const made = cli();
  expect(await made.run('mcp', 'import')).toBe(0);
  expect(taken(made)).toEqual([]);
  const text = await made.out();
  for (const part of ['files  npx files', 'perch mcp import files', 'old', '(MCP_ENTRY_INVALID)']) {
    expect(text).toContain(part);
  }
});

test('what is named is taken over as it was shown', async () => {
  const made = cli();
  expect(await made.run('mcp', 'import', 'files')).toBe(0);
  expect(taken(made).map(({ params }) => params)).toEqual([
    { scope: { kind: 'project', projectDir: '/projects/here' }, name: 'files', transport: TRANSPORT },
  ]);
  expect(await made.out()).toContain('Added: files');
});

test.each([
  ['nothing', 'MCP_OFFER_NOT_FOUND'],
  ['old', 'MCP_NAME_TAKEN'],
  ['odd', 'MCP_ENTRY_INVALID'],
])('where %s cannot be taken, nothing is', async (name, code) => {
  const made = cli();
  expect(await made.run('mcp', 'import', 'files', name, '--json')).toBe(1);
  expect(JSON.parse(await made.out())).toMatchObject({ error: { code } });
  expect(taken(made)).toEqual([]);
});

test('a folder without such a file offers nothing, and the file is said to be missing', async () => {
  const made = commandLine({ handlers: { 'mcp.offered': async () => ({ offers: [] }) } });
  expect(await made.run('mcp', 'import')).toBe(0);
  expect(await made.out()).toContain('/projects/here has no .mcp.json');
});
