import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { agentDefinitionSchema } from '../../../../shared/model/agent-definition.ts';
import { directFetch } from '../../network/testing/direct-fetch.ts';
import { loadAgents } from '../load.ts';
import { bundledRegistry, readRegistry } from './data.ts';
import { createAgentRegistry } from './registry-service.ts';

const RESOURCES = join(import.meta.dirname, '../../../../resources');
const PUBLISHED = {
  version: '1.0.0',
  agents: [
    {
      id: 'packaged',
      name: 'Packaged',
      version: '2.0.0',
      description: 'd',
      repository: 'https://example.test/p',
      license: 'MIT',
      distribution: { npx: { package: '@scope/packaged@2.0.1', args: ['--acp'], env: { A: 'b' } } },
    },
    { id: 'plain', name: 'Plain', version: '3.0.0', description: 'd', distribution: { npx: { package: 'plain' } } },
    {
      id: 'tagged',
      name: 'Tagged',
      version: '1.0.0',
      description: 'd',
      distribution: { npx: { package: 'tagged@latest' } },
    },
    {
      id: 'python',
      name: 'Python',
      version: '1.0.0',
      description: 'd',
      distribution: { uvx: { package: 'python-acp==1.0.0' } },
    },
    {
      id: 'binary',
      name: 'Binary',
      version: '1.0.0',
      description: 'd',
      repository: 'http://plain.test',
      distribution: { binary: { 'linux-x86_64': { archive: 'https://example.test/a', cmd: './a' } } },
    },
    {
      id: 'claude-acp',
      name: 'Claude Agent',
      version: '0.101.0',
      description: 'd',
      distribution: { npx: { package: '@agentclientprotocol/claude-agent-acp@0.101.0' } },
    },
    {
      id: 'gemini-again',
      name: 'Gemini',
      version: '9.0.0',
      description: 'd',
      distribution: { npx: { package: '@google/gemini-cli@9.0.0' } },
    },
    { id: 'Broken Id', name: 'Broken' },
  ],
  extensions: [],
};

let folder: string;
let server: Server | undefined;
let taken: string[];
let answer: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-registry-'));
  taken = [];
  answer = JSON.stringify(PUBLISHED);
});
afterEach(async () => {
  server?.close();
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** A registry whose data says that it is fetched from a server of this test. */
async function create() {
  server = createServer((_, response) => response.end(answer)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}/registry.json`;
  const bundled = join(folder, 'bundled.json');
  writeFileSync(bundled, JSON.stringify({ ...readRegistry(bundledRegistry(RESOURCES)), api }));
  return open(bundled);
}
const open = (bundled: string) =>
  createAgentRegistry({
    bundled,
    fetched: join(folder, 'fetched.json'),
    builtIns: loadAgents(RESOURCES),
    isTaken: (agentId) => taken.includes(agentId),
    clock: { now: () => Date.UTC(2026, 10, 23), after: () => () => {} },
    fetch: directFetch,
    onProblem: () => {},
  });

test('what comes along can be read, names its source, and every agent of it can be added', () => {
  const registry = open(bundledRegistry(RESOURCES));
  const { source, agents } = registry.list();
  expect(source).toMatchObject({ licence: 'MIT' });
  expect(agents.length).toBeGreaterThan(0);
  for (const { agentId, how } of agents) {
    expect(how).toBe('package');
    expect(agentDefinitionSchema.parse(registry.definition(agentId, undefined)).runs.kind).toBe('package');
  }
});

test('what is fetched takes its place, also after a restart; entries that are not understood are left out', async () => {
  const registry = await create();
  const { agents, source } = await registry.refresh();
  expect(source).toMatchObject({ date: '2026-11-23', licence: 'Apache-2.0' });
  // Neither what Perch describes itself, by id or by package, nor what is broken.
  expect(agents.map(({ agentId }) => agentId)).toEqual(['packaged', 'plain', 'tagged', 'python', 'binary']);
  expect(agents[0]).toEqual({
    agentId: 'packaged',
    name: 'Packaged',
    version: '2.0.0',
    description: 'd',
    homepage: 'https://example.test/p',
    licence: 'MIT',
    how: 'package',
    installCommand: 'npm install -g @scope/packaged@2.0.1',
    added: false,
  });
  expect(agents.slice(3).map(({ how, installCommand, homepage }) => [how, installCommand, homepage])).toEqual([
    ['by-hand', 'uv tool install python-acp==1.0.0', undefined],
    ['by-hand', undefined, undefined],
  ]);
  taken = ['plain'];
  expect(open(join(folder, 'bundled.json')).list().agents[1]).toMatchObject({ agentId: 'plain', added: true });
});

test('a package becomes an agent of the user’s in its exact version', async () => {
  const registry = await create();
  await registry.refresh();
  expect(registry.definition('packaged', 'openai')).toEqual({
    agentId: 'packaged',
    name: 'Packaged',
    description: 'd',
    runs: { kind: 'package', name: '@scope/packaged', version: '2.0.1', args: ['--acp'] },
    providerId: 'openai',
    model: '',
    variables: { A: 'b' },
  });
  expect(registry.definition('plain', undefined).runs).toMatchObject({ name: 'plain', version: '3.0.0' });
  for (const id of ['tagged', 'python', 'binary'])
    expect(() => registry.definition(id, undefined)).toThrow(
      expect.objectContaining({ code: 'AGENT_NOT_INSTALLABLE' }),
    );
  for (const id of ['nowhere', 'claude-acp'])
    expect(() => registry.definition(id, undefined)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
});

test.each([
  ['something else', '{"agents":7}', 'not a registry of agents'],
  ['nothing of use', '{"agents":[{"id":1}]}', 'it names no agent that is understood here'],
  ['no JSON', '<html>', 'not a registry of agents'],
])('%s is refused, and the former one counts', async (_, sent, reason) => {
  const registry = await create();
  const before = registry.list();
  answer = sent;
  await expect(registry.refresh()).rejects.toMatchObject({ code: 'AGENT_REGISTRY_NOT_REFRESHED', values: { reason } });
  expect(registry.list()).toEqual(before);
  expect(existsSync(join(folder, 'fetched.json'))).toBe(false);
});
