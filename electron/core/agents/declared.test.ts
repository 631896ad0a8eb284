import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AgentDefinition } from '../../../shared/model/agent-definition.ts';
import type { CredentialView } from '../../../shared/model/credential.ts';
import { type Declared, NOTHING_DECLARED } from '../projects/declared/read.ts';
import { createProviderRegistry } from '../providers/registry.ts';
import { createManualClock } from '../runner-host/testing/manual-clock.ts';
import { declaredFolders, keptUnder } from './added-agent.ts';
import { createAgentService } from './agent-service.ts';
import { createAgentCatalog } from './catalog.ts';
import { loadAgents } from './load.ts';

const resourcesDir = join(import.meta.dirname, '..', '..', '..', 'resources');
const GATEWAY = 'https://gateway.example.com/v1';

let folder: string;
let declared: Declared;
let confirmed: boolean;
let ownUrl: string | undefined;
/** The providers that a resolution was asked for, and under which name the agent was known. */
let asked: string[];
let probed: number;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'perch-agents-')));
  mkdirSync(join(folder, 'project'));
  [declared, confirmed, ownUrl, asked, probed] = [NOTHING_DECLARED, false, undefined, [], 0];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const AGENT: AgentDefinition = {
  agentId: 'reviewer',
  name: 'Reviewer',
  description: '',
  runs: { kind: 'variant', of: 'opencode' },
  providerId: 'openai',
  model: 'm-declared',
  variables: { DEPTH: '3' },
};
const stored = { providerId: 'openai', variable: 'OPENAI_API_KEY', scope: { kind: 'global' } } as CredentialView;

function create() {
  const registry = createProviderRegistry({
    resourcesDir,
    baseUrls: { get: () => ownUrl, set: () => {}, reset: () => {} },
  });
  const builtIns = loadAgents(resourcesDir);
  const declarations = {
    inEffect: (projectDir: string) => (projectDir === join(folder, 'project') ? declared : NOTHING_DECLARED),
    isConfirmed: () => confirmed,
  };
  return createAgentService({
    paths: {
      dataDir: join(folder, 'data'),
      resourcesDir,
      programsDir: join(folder, 'programs'),
      nodeExecutable: process.execPath,
      moduleDirs: [],
    },
    registry,
    credentials: {
      list: () => [stored],
      resolve: ({ providerId, agentId }) => {
        asked.push(`${providerId} for ${agentId}`);
        return { state: 'resolved', entries: [{ ...stored, credentialId: 'x', masked: '••••', storage: 'keychain' }] };
      },
      readValues: async () => new Map(),
      onChange: () => () => {},
    },
    liveness: {
      known: (entries) => {
        probed += entries.length;
        return [];
      },
      ensure: async () => [],
      onChange: () => () => {},
    },
    settings: {
      agent: () => ({ auth: { mode: 'byo', model: '' }, sandbox: 'on' }),
      updateAgent: () => {
        throw new Error('nothing is kept of a declared agent');
      },
      forgetAgent: () => {},
      resetAgent: () => {},
    } as unknown as Parameters<typeof createAgentService>[0]['settings'],
    catalog: createAgentCatalog({
      context: {
        builtIns,
        nodeExecutable: process.execPath,
        provider: (id) => (registry.has(id) ? registry.get(id) : undefined),
      },
      users: () => [],
      declaredIn: (projectDir) => ({
        file: join(projectDir, 'perch.toml'),
        agents: declarations.inEffect(projectDir).agents,
      }),
    }),
    declarations,
    environment: {},
    sandbox: () => ({ state: 'available', backend: 'bubblewrap', version: '1' }),
    clock: createManualClock(),
  });
}

const project = () => join(folder, 'project');
const plan = async (agentId = 'reviewer') => {
  const { plan: made, refusal, model } = await create().planView({ agentId, projectDir: project() });
  return { text: JSON.stringify(made), names: made.set.map(({ name }) => name), refusal: refusal?.code, model };
};

test('no stored credential goes to a declared endpoint before its origin is confirmed, and then it does', async () => {
  declared = { ...NOTHING_DECLARED, agents: [AGENT], endpoints: new Map([['openai', GATEWAY]]) };
  const before = await plan();
  expect(before.names).not.toContain('OPENAI_API_KEY');
  expect(asked).toEqual([]);
  confirmed = true;
  const after = await plan();
  expect(after.names).toContain('OPENAI_API_KEY');
  expect(after.text).toContain(GATEWAY);
});

test('an endpoint of the user’s own needs no word of the project', async () => {
  declared = { ...NOTHING_DECLARED, agents: [AGENT], endpoints: new Map([['openai', GATEWAY]]) };
  ownUrl = 'https://mine.example.com/v1';
  const { names, text } = await plan();
  expect(names).toContain('OPENAI_API_KEY');
  expect([text.includes('mine.example.com'), text.includes('gateway.example.com')]).toEqual([true, false]);
});

test('a provider at a declared endpoint is asked about no credential', async () => {
  declared = { ...NOTHING_DECLARED, agents: [AGENT], endpoints: new Map([['openai', GATEWAY]]) };
  confirmed = true;
  create().view('reviewer', project());
  expect(probed).toBe(0);
  declared = { ...declared, endpoints: new Map() };
  create().view('reviewer', project());
  expect(probed).toBeGreaterThan(0);
});

test('a declared agent is there in its folder alone, changed by nobody, and gone with the file', async () => {
  declared = { ...NOTHING_DECLARED, agents: [AGENT] };
  const agents = create();
  expect(agents.view('reviewer', project())).toMatchObject({ name: 'Reviewer', origin: { kind: 'declared' } });
  expect(agents.views().some(({ agentId }) => agentId === 'reviewer')).toBe(false);
  expect(() => agents.view('reviewer', folder)).toThrow('AGENT_UNKNOWN');
  const change = { agentId: 'reviewer', projectDir: project(), settings: { sandbox: 'off' as const } };
  expect(() => agents.configure(change)).toThrow('DECLARED_READ_ONLY');
  declared = NOTHING_DECLARED;
  expect(() => agents.view('reviewer', project())).toThrow('AGENT_UNKNOWN');
  expect(agents.nameOf('reviewer', project())).toBe('reviewer');
});

test('what is kept for an agent of one folder is nobody else’s', () => {
  declared = { ...NOTHING_DECLARED, agents: [AGENT] };
  create().view('reviewer', project());
  expect(asked.every((one) => /^openai for reviewer@[0-9a-f]{16}$/.test(one)) && asked.length > 0).toBe(true);
  const made = (projectDir: string) => ({
    agentId: 'reviewer',
    added: { origin: { kind: 'declared' as const, file: '', definition: AGENT }, projectDir },
  });
  const [one, other] = [keptUnder(made(project())), keptUnder(made(folder))];
  expect(one).not.toBe(other);
  for (const name of [one, other, 'reviewer']) mkdirSync(join(folder, 'state', name), { recursive: true });
  expect(declaredFolders(join(folder, 'state'), project())).toEqual([join(folder, 'state', one)]);
});

test('variables and models of the file reach the session, the narrower before the wider', async () => {
  declared = {
    ...NOTHING_DECLARED,
    agents: [AGENT],
    variables: new Map([
      ['DEPTH', '1'],
      ['LEVEL', 'debug'],
    ]),
    models: new Map([['opencode', 'm-of-folder']]),
  };
  const own = await plan();
  expect(own.text).toContain('"name":"DEPTH","source":"agent"');
  expect(own.names).toContain('LEVEL');
  expect([own.model, (await plan('opencode')).model]).toEqual(['m-declared', 'm-of-folder']);
});
