// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to variables are the subject
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { McpTransport } from '../../../../shared/model/mcp-server.ts';
import { createRedactor } from '../../../../shared/redaction/redactor.ts';
import { type Database, openDatabase } from '../../storage/database/database.ts';
import { createMcpService, type McpService } from './mcp-service.ts';
import { planServers } from './plan.ts';

let folder: string;
let database: Database;
let mcp: McpService;
let ids: number;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'perch-mcp-')));
  for (const name of ['server', 'project', 'home/.ssh']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'server', 'run'), '#!/bin/sh\n', { mode: 0o755 });
  ids = 0;
  const random = { uuid: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`, fraction: () => 0 };
  database = openDatabase({
    file: join(folder, 'perch.db'),
    clock: { now: () => 1, after: () => () => {} },
    random,
  });
  const redactor = createRedactor();
  mcp = createMcpService({
    database,
    random,
    path: async () => join(folder, 'server'),
    looksSecret: (text) => redactor.redact(text) !== text,
    isTooWide: (path) => path === join(folder, 'home'),
  });
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

const AGENT = { kind: 'agent', agentId: 'codex' } as const;
const project = () => ({ kind: 'project', projectDir: join(folder, 'project') }) as const;
const place = () => ({ agentId: 'codex', projectDir: join(folder, 'project') });

function stdio(changes: Partial<Extract<McpTransport, { type: 'stdio' }>> = {}): McpTransport {
  return { type: 'stdio', command: 'run', args: [], env: [], hosts: [], folders: [], ...changes };
}
function http(changes: Partial<Extract<McpTransport, { type: 'http' }>> = {}): McpTransport {
  return { type: 'http', url: 'https://mcp.example.com/v1', headers: [], ...changes };
}
const set = (transport: McpTransport, name = 'one') => mcp.set({ scope: AGENT, name, transport });

const GITHUB_TOKEN = `ghp_${'a1B2'.repeat(9)}`;

test.each([
  ['a header that is a token', http({ headers: [{ name: 'X-Any', value: GITHUB_TOKEN }] }), 'MCP_SECRET_LITERAL'],
  ['a header that is called one', http({ headers: [{ name: 'Authorization', value: 'x' }] }), 'MCP_SECRET_LITERAL'],
  ['a variable that is called one', stdio({ env: [{ name: 'MY_API_KEY', value: 'x' }] }), 'MCP_SECRET_LITERAL'],
  ['an argument that is a token', stdio({ args: [`--token=${GITHUB_TOKEN}`] }), 'MCP_SECRET_LITERAL'],
  ['an address with a token', http({ url: `https://mcp.example.com/?key=${GITHUB_TOKEN}` }), 'MCP_SECRET_LITERAL'],
  ['a variable in an argument', stdio({ args: ['--token=${TOKEN}'] }), 'MCP_VARIABLE_MISPLACED'],
  ['a variable in the address', http({ url: 'https://mcp.example.com/${TOKEN}' }), 'MCP_VARIABLE_MISPLACED'],
  ['plain http to elsewhere', http({ url: 'http://mcp.example.com/' }), 'MCP_URL_INVALID'],
  ['an address with a password', http({ url: 'https://me:pass@mcp.example.com/' }), 'MCP_URL_INVALID'],
  ['a header of two lines', http({ headers: [{ name: 'X', value: 'a\r\nHost: b' }] }), 'MCP_HEADER_INVALID'],
  ['a loader variable', stdio({ env: [{ name: 'LD_PRELOAD', value: '/x.so' }] }), 'VARIABLE_RESERVED'],
  ['no program', stdio({ command: 'nowhere' }), 'MCP_COMMAND_NOT_FOUND'],
  ['no host', stdio({ hosts: [{ host: 'https://x/', port: 443 }] }), 'HOST_INVALID'],
])('%s is refused, and nothing is kept', async (_name, transport, code) => {
  await expect(set(transport)).rejects.toMatchObject({ code });
  expect(mcp.list()).toEqual([]);
});

test('what a server is started with has to be readable, and no folder may open a home', async () => {
  const file = join(folder, 'server', 'run');
  const args = [file];
  await expect(set(stdio({ args }))).rejects.toMatchObject({ code: 'MCP_PATH_NOT_READABLE' });
  const wide = set(stdio({ folders: [join(folder, 'home')] }));
  await expect(wide).rejects.toMatchObject({ code: 'MCP_FOLDER_UNUSABLE' });
  const kept = await set(stdio({ args, folders: [join(folder, 'server')] }));
  expect(kept.transport).toMatchObject({ args });
});

test('a reference to a variable is kept as it is written, and the name is taken', async () => {
  await set(http({ headers: [{ name: 'Authorization', value: 'Bearer ${MY_TOKEN}' }] }));
  expect(mcp.list()[0]?.transport).toMatchObject({ headers: [{ value: 'Bearer ${MY_TOKEN}' }] });
  await expect(set(http())).rejects.toMatchObject({ code: 'MCP_NAME_TAKEN' });
  await expect(set(http(), 'a b')).rejects.toMatchObject({ code: 'MCP_NAME_INVALID' });
  expect(readFileSync(join(folder, 'perch.db')).includes(GITHUB_TOKEN)).toBe(false);
});

test("a session has its agent's and its project's; of one name the agent's, and none that is off", async () => {
  const own = await set(http());
  await mcp.set({ scope: project(), name: 'one', transport: stdio() });
  await mcp.set({ scope: project(), name: 'two', transport: stdio() });
  const inEffect = async () => (await mcp.inEffect(place())).map(({ server }) => `${server.name} ${server.scope.kind}`);
  expect(await inEffect()).toEqual(['one agent', 'two project']);
  mcp.enable({ serverId: own.serverId, enabled: false });
  expect(await inEffect()).toEqual(['one project', 'two project']);
  expect(await mcp.inEffect({ ...place(), projectDir: folder })).toEqual([]);
  mcp.removeScope(project());
  expect(mcp.list().map(({ name }) => name)).toEqual(['one']);
  mcp.remove({ serverId: own.serverId });
  expect(mcp.list()).toEqual([]);
});

test('the session may reach and read what its servers need, and no more', async () => {
  set(
    stdio({
      hosts: [
        { host: '127.0.0.1', port: 5432 },
        { host: '*.example.org', port: 443 },
      ],
    }),
    'local',
  );
  await set(http({ url: 'http://127.0.0.1:8080/mcp' }), 'remote');
  const { rules, parts, launch } = planServers(await mcp.inEffect(place()), { variables: new Set(), network: [] });
  expect(rules).toEqual({
    hosts: [{ host: '*.example.org', ports: [443] }],
    loopback: [
      { address: '127.0.0.1', port: 5432 },
      { address: '127.0.0.1', port: 8080 },
    ],
  });
  expect(parts).toEqual([join(folder, 'server', 'run')]);
  expect(launch.map(({ name }) => name)).toEqual(['local', 'remote']);
});

test('a server that lacks something is left out, with its reason', async () => {
  await set(http({ headers: [{ name: 'X', value: '${GONE}' }] }), 'a');
  await set(stdio(), 'b');
  rmSync(join(folder, 'server'), { recursive: true });
  const { launch, view, rules } = planServers(await mcp.inEffect(place()), {
    variables: new Set(['OTHER']),
    network: [],
  });
  expect(launch).toEqual([]);
  expect(rules).toEqual({ hosts: [], loopback: [] });
  expect(view.map(({ problem }) => [problem?.key, problem?.values])).toEqual([
    ['notice.mcp-no-variable', { server: 'a', variable: 'GONE' }],
    ['notice.mcp-no-command', { server: 'b', command: 'run' }],
  ]);
});

test('what a project’s own file describes is offered, and nothing that would be refused is told', async () => {
  const file = join(folder, 'project', '.mcp.json');
  const offered = () => mcp.offered({ projectDir: join(folder, 'project') });
  expect(await offered()).toEqual({ offers: [] });
  const mcpServers = {
    files: { command: 'run', args: ['.'], env: { DEPTH: 3, TOKEN: '${MY_TOKEN}' } },
    remote: { type: 'http', url: 'https://mcp.example.com/v1', headers: { Authorization: 'Bearer ${MY_TOKEN}' } },
    one: { command: 'run' },
    leaky: { command: 'run', env: { API_TOKEN: 'canary' } },
    argued: { command: 'run', args: ['${A}'.concat(GITHUB_TOKEN)] },
    gone: { command: './gone' },
    fallback: { command: 'run', env: { A: '${A:-canary}' } },
    'bad name': { command: 'run' },
    [GITHUB_TOKEN]: { command: 'run' },
    odd: 'canary',
  };
  writeFileSync(file, `\uFEFF${JSON.stringify({ mcpServers, other: 1 })}`);
  await mcp.set({ scope: project(), name: 'one', transport: stdio() });
  const answer = await offered();
  expect(answer.file).toBe(file);
  expect(JSON.stringify(answer)).not.toMatch(/canary|ghp_/);
  expect(answer.offers.map((one) => [one.name, one.state === 'refused' ? one.error.code : one.state])).toEqual([
    ['files', 'free'],
    ['remote', 'free'],
    ['one', 'taken'],
    ['leaky', 'MCP_SECRET_LITERAL'],
    ['argued', 'MCP_SECRET_LITERAL'],
    ['gone', 'MCP_COMMAND_NOT_FOUND'],
    ['fallback', 'MCP_ENTRY_INVALID'],
    ['bad name', 'MCP_NAME_INVALID'],
    ['…', 'MCP_NAME_INVALID'],
    ['odd', 'MCP_ENTRY_INVALID'],
  ]);
  expect(answer.offers[0]).toMatchObject({
    transport: {
      type: 'stdio',
      env: [
        { name: 'DEPTH', value: '3' },
        { name: 'TOKEN', value: '${MY_TOKEN}' },
      ],
    },
  });
  expect((await mcp.inEffect(place())).map(({ server }) => server.name)).toEqual(['one']);
});

test.each(['{"mcpServers": [', '[]', '{"mcpServers": 3}', `{"mcpServers": {}, "x": "${'x'.repeat(300_000)}"}`])(
  '%.30s is no file that offers anything, and says so',
  async (text) => {
    writeFileSync(join(folder, 'project', '.mcp.json'), text);
    await expect(mcp.offered({ projectDir: join(folder, 'project') })).rejects.toMatchObject({
      code: 'MCP_FILE_INVALID',
    });
  },
);
