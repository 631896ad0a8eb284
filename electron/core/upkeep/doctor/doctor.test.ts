import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import doctorTexts from '../../../../resources/locales/en/doctor.json' with { type: 'json' };
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { AgentView, Installation } from '../../../../shared/model/agent.ts';
import type { Failure } from '../../../../shared/model/failure.ts';
import type { KeychainHealth } from '../../../../shared/model/keychain.ts';
import type { Recovery } from '../../../../shared/model/recovery.ts';
import type { SandboxAvailability } from '../../../../shared/model/sandbox-policy.ts';
import type { RunnerStatus } from '../../runner-host/status.ts';
import { openDatabase } from '../../storage/database/database.ts';
import { runChecks } from './check.ts';
import { type DoctorServices, judgeAgent, judgeSandbox } from './core-checks.ts';
import { createDoctor, createDoctorWithoutCore, type DoctorPorts } from './doctor.ts';
import { judgeKeychain } from './keychain-check.ts';
import { machineChecks } from './machine-checks.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'perch-doctor-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const CONNECTED: RunnerStatus = { kind: 'connected', since: 0, generation: 1, pid: 7 };
const FAILURE: Failure = { error: { code: 'RUNNER_CRASHED', values: {} }, lastLines: [] };

function ports(over: Partial<DoctorPorts> = {}): DoctorPorts {
  return {
    kind: 'cli',
    version: '1.2.3',
    environment: {},
    terminals: { state: 'available' },
    paths: {
      dataDir,
      resourcesDir: '/r',
      programsDir: '/p',
      nodeExecutable: process.execPath,
      moduleDirs: ['/nowhere'],
    },
    ...over,
  };
}

function agent(installation: Installation): AgentView {
  return {
    agentId: 'codex',
    name: 'Codex',
    description: '',
    demo: false,
    network: 'proxy',
    installation,
    readiness: { state: 'checking' },
    settings: { auth: { mode: 'byo', model: '' }, sandbox: 'on' },
    providerIds: ['openai'],
    modes: ['byo'],
    permissionModes: ['plan', 'ask', 'execute'],
    takesInstructions: true,
    effective: { mode: 'byo', model: '' },
  };
}

/** A core whose runner takes on the given statuses one after the other, each when the one before was seen. */
function services(
  over: { statuses?: RunnerStatus[]; sandbox?: SandboxAvailability; agents?: AgentView[]; recovery?: Recovery } = {},
) {
  const { statuses = [CONNECTED], sandbox = { state: 'available', backend: 'bubblewrap', version: '0.8.0' } } = over;
  const database = openDatabase({
    file: join(dataDir, 'perch.db'),
    clock: { now: () => 1, after: () => () => {} },
    random: { uuid: () => 'an-id', fraction: () => 0 },
  });
  let at = 0;
  const timers: (() => void)[] = [];
  const made: DoctorServices = {
    database,
    recoveries: { kept: () => over.recovery },
    supervisor: {
      get status() {
        return statuses[at] ?? CONNECTED;
      },
      onStatus(listener) {
        queueMicrotask(() => {
          if (at + 1 < statuses.length) listener(statuses[++at] ?? CONNECTED);
          else timers.shift()?.();
        });
        return () => {};
      },
      request: async () => sandbox as never,
    },
    credentials: { checkHealth: async () => ({ state: 'available', store: 'Secret Service' }) },
    agents: { refresh: async () => {}, views: () => over.agents ?? [] },
    clock: {
      now: () => 1,
      after: (_, callback) => {
        timers.push(callback);
        return () => {};
      },
    },
  };
  return { made, close: () => database.close() };
}

async function statusesOf(over: Parameters<typeof services>[0] = {}) {
  const { made, close } = services(over);
  const report = await createDoctor({ ports: ports(), services: made, platform: 'linux' }).run();
  close();
  return Object.fromEntries(report.checks.map(({ id, status }) => [id, status]));
}

test('a core in good health', async () => {
  expect(
    await statusesOf({ agents: [agent({ state: 'found', path: '/bin/codex', version: '1', source: 'path' })] }),
  ).toEqual({
    node: 'ok',
    'data-directory': 'ok',
    terminals: 'ok',
    electron: 'warning',
    boot: 'ok',
    database: 'ok',
    runner: 'ok',
    sandbox: 'ok',
    'agent:codex': 'ok',
    keychain: 'ok',
  });
});

test.each(['whole', 'partly'] as const)(
  'a damaged database that was set aside, %s, is told as long as it is there',
  async (state) => {
    const recovery: Recovery = {
      at: 1,
      movedTo: '/data/perch.db.damaged',
      areas: [{ area: 'credentials', state, kept: 1 }],
    };
    const { made, close } = services({ recovery });
    const report = await createDoctor({ ports: ports(), services: made, platform: 'linux' }).run();
    close();
    const found = report.checks.find(({ id }) => id === 'database');
    expect(found).toMatchObject({ status: 'warning', advice: { values: { file: '/data/perch.db.damaged' } } });
    expect(found?.summary.key).toBe(`doctor.database-recovered${state === 'partly' ? '-partly' : ''}`);
  },
);

describe('the runner', () => {
  test('one that is starting is waited for', async () => {
    expect(await statusesOf({ statuses: [{ kind: 'starting' }, CONNECTED] })).toMatchObject({
      runner: 'ok',
      sandbox: 'ok',
    });
  });
  test('one that never gets past its start could not be checked', async () => {
    expect(await statusesOf({ statuses: [{ kind: 'starting' }] })).toMatchObject({
      runner: 'could-not-check',
      sandbox: 'could-not-check',
    });
  });
  test.each<RunnerStatus>([
    { kind: 'failed', failure: FAILURE, crashLoop: true },
    { kind: 'reconnecting', attempt: 1, nextTryAt: 1, failure: FAILURE },
    { kind: 'stopped' },
  ])('$kind is a problem, and the sandbox cannot be checked', async (status) => {
    expect(await statusesOf({ statuses: [status] })).toMatchObject({ runner: 'problem', sandbox: 'could-not-check' });
  });
});

test.each<[KeychainHealth, string]>([
  [{ state: 'available', store: 'x' }, 'ok'],
  [{ state: 'unknown' }, 'could-not-check'],
  [{ state: 'absent' }, 'problem'],
  [{ state: 'locked' }, 'problem'],
  [{ state: 'prompt-dismissed' }, 'problem'],
  [{ state: 'denied' }, 'problem'],
  [{ state: 'changed', previous: 'a', current: 'b' }, 'warning'],
  [{ state: 'failed' }, 'problem'],
])('keychain %j is %s', (health, status) => {
  const found = judgeKeychain(health, { key: 'doctor.keychain-absent-advice-bus', values: {} });
  expect(found.status).toBe(status);
  if (status === 'problem' || status === 'warning') expect(found.advice).toBeDefined();
});

test.each<[SandboxAvailability, string]>([
  [{ state: 'available', backend: 'bubblewrap', version: '1' }, 'ok'],
  [{ state: 'checking' }, 'could-not-check'],
  [{ state: 'unavailable', reason: 'no bwrap' }, 'problem'],
])('sandbox %j is %s', (sandbox, status) => {
  expect(judgeSandbox(sandbox, 'linux').status).toBe(status);
});

test.each<[Installation, string]>([
  [{ state: 'found', path: '/x', source: 'built-in' }, 'ok'],
  [{ state: 'found', path: '/x', source: 'path' }, 'ok'],
  [{ state: 'missing', installCommand: 'npm i' }, 'warning'],
  [{ state: 'could-not-check', reason: 'PATH unknown' }, 'could-not-check'],
  [{ state: 'checking' }, 'could-not-check'],
])('agent %j is %s', (installation, status) => {
  expect(judgeAgent(agent(installation))).toMatchObject({ id: 'agent:codex', status });
});

describe('the machine', () => {
  const check = async (over: Partial<DoctorPorts>, nodeVersion?: string) =>
    Object.fromEntries(
      (await runChecks(machineChecks(ports(over), nodeVersion))).map(({ id, status }) => [id, status]),
    );

  test('an old Node is a problem', async () => {
    expect(await check({}, '20.20.2')).toMatchObject({ node: 'problem' });
    expect(await check({}, '24.21.0')).toMatchObject({ node: 'ok' });
  });
  test('a data directory that cannot be written is a problem; the probe leaves nothing behind', async () => {
    const file = join(dataDir, 'file');
    writeFileSync(file, '');
    const paths = (dir: string) => ({ ...ports().paths, dataDir: dir });
    expect(await check({ paths: paths(join(file, 'below')) })).toMatchObject({ 'data-directory': 'problem' });
    expect(await check({ paths: paths('/proc/perch') })).toMatchObject({ 'data-directory': 'problem' });
    expect(await check({ paths: paths(join(dataDir, 'new')) })).toMatchObject({ 'data-directory': 'ok' });
    expect(readdirSync(join(dataDir, 'new'))).toEqual([]);
  });
  test('no terminals are a warning, with the reason', async () => {
    expect(await check({ terminals: { state: 'unavailable', reason: 'not built' } })).toMatchObject({
      terminals: 'warning',
    });
  });
});

describe('without a core', () => {
  const examine = (error: PerchError) =>
    createDoctorWithoutCore({
      ports: {
        ...ports(),
        keychain: () => ({
          store: 'none',
          get: async () => null,
          set: async () => {},
          delete: async () => false,
          list: async () => [],
          check: async () => ({ state: 'absent' }),
        }),
      },
      error,
      platform: 'linux',
    }).run();

  test('the reason is a finding among the others', async () => {
    const { checks } = await examine(new PerchError('DATABASE_CORRUPT', { file: '/x/perch.db' }));
    expect(checks).toContainEqual({
      id: 'database',
      status: 'problem',
      summary: { key: 'error.DATABASE_CORRUPT', values: { file: '/x/perch.db' } },
    });
    expect(checks.find(({ id }) => id === 'keychain')).toMatchObject({
      status: 'problem',
      advice: { key: 'doctor.keychain-absent-advice-bus' },
    });
  });
  test('one finding a cause', async () => {
    const { checks } = await examine(new PerchError('DATA_DIRECTORY_NOT_WRITABLE', { directory: dataDir }));
    expect(checks.filter(({ id }) => id === 'data-directory')).toHaveLength(1);
  });
});

test('a check that fails is told as one that could not be made', async () => {
  const checks = await runChecks([
    {
      id: 'broken',
      run: () => {
        throw new Error('inside');
      },
    },
    {
      id: 'refused',
      run: async () => {
        throw new PerchError('KEYCHAIN_LOCKED');
      },
    },
  ]);
  expect(checks).toEqual([
    { id: 'broken', status: 'could-not-check', summary: { key: 'doctor.check-failed', values: { id: 'broken' } } },
    { id: 'refused', status: 'could-not-check', summary: { key: 'error.KEYCHAIN_LOCKED', values: {} } },
  ]);
});

test('every sentence of the doctor exists, and is used', () => {
  const sources = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  const text = sources.map((name) => readFileSync(join(import.meta.dirname, name), 'utf8')).join('\n');
  const quoted = new Set([...text.matchAll(/'([a-z][a-z-]*)'/g)].map(([, word]) => word));
  expect(Object.keys(doctorTexts).filter((key) => !quoted.has(key.replace('doctor.', '')))).toEqual([]);
  const used = [...text.matchAll(/message\('([a-z-]+)'/g)].map(([, word]) => `doctor.${word}`);
  expect(used.length).toBeGreaterThan(20);
  expect(used.filter((key) => !Object.hasOwn(doctorTexts, key))).toEqual([]);
});
