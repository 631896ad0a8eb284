import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CredentialView, Scope } from '../../../shared/model/credential.ts';
import { type Database, openDatabase } from '../storage/database/database.ts';
import { createKeptProviders, type KeptProviders } from './kept-providers.ts';
import type { AgentProviders } from './ports.ts';
import { agentSchema } from './schema.ts';
import { type Situation, situationOf } from './situation.ts';

const PROVIDERS = ['anthropic', 'openai', 'google'] as const;
type ProviderId = (typeof PROVIDERS)[number];

const agent = agentSchema.parse({
  agentId: 'opencode',
  name: 'OpenCode',
  description: '',
  installCommand: 'npm i opencode',
  program: { kind: 'native', commands: ['opencode'] },
  modelBy: 'launch',
  providers: PROVIDERS.map((providerId) => ({
    providerId,
    dialect: 'openai-chat',
    credentials: [{ variables: [`${providerId.toUpperCase()}_API_KEY`] }],
  })),
  failureSigns: { errorTexts: [], authenticationTexts: [], ignoredTexts: [] },
  limits: { start: 1, silence: 1, stop: 1 },
});

const registry: AgentProviders = {
  get: (providerId) => ({
    providerId,
    name: providerId,
    alternatives: [],
    dialects: [],
    credentialRequired: true,
    override: undefined,
    variables: [],
    baseUrl: () => undefined,
  }),
  at: (providerId) => registry.get(providerId),
  all: () => [],
  ownersOfModel: () => [],
  onChange: () => () => {},
};

let folder: string;
let database: Database;
let failures: unknown[];
const reopened = (): KeptProviders =>
  createKeptProviders({ database, onFailure: (error) => void failures.push(error) });

beforeEach(() => {
  failures = [];
  folder = mkdtempSync(join(tmpdir(), 'perch-kept-'));
  database = openDatabase({
    file: join(folder, 'perch.db'),
    clock: { now: () => 7, after: () => () => {} },
    random: { uuid: () => 'installation', fraction: () => 0 },
  });
});
afterEach(() => {
  if (database.sql.open) database.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Stored {
  readonly providerId: ProviderId;
  readonly scope: Scope;
  readonly dead?: boolean;
}

/** As the service does it: what is shown is decided with what was kept, and kept. */
function look(kept: KeptProviders, stored: readonly Stored[], projectDir = '/p'): Situation {
  const within = stored.filter(({ scope }) => scope.kind !== 'project' || scope.projectDir === projectDir);
  const decided = situationOf({
    agent,
    found: {
      program: {
        state: 'found',
        program: { file: '/x', runBy: 'system', parts: [], version: '1', source: 'path' },
        others: [],
      },
      adapter: undefined,
    },
    settings: { auth: { mode: 'byo', model: '' }, sandbox: 'on' },
    projectDir,
    turnModel: undefined,
    registry,
    credentials: {
      resolve({ providerId, accepted }) {
        const one = within.find((candidate) => candidate.providerId === providerId);
        return one === undefined
          ? { state: 'missing', accepted: accepted.map((together) => [...together]) }
          : { state: 'resolved', entries: [one as unknown as CredentialView] };
      },
    },
    liveness: {
      known: (entries) =>
        entries.map((entry) => ({
          credentialId: entry.credentialId,
          verdict: (entry as unknown as Stored).dead ? 'dead' : 'alive',
          reason: 'accepted',
          checkedAt: 1,
        })),
    },
    sandbox: { state: 'available', backend: 'bubblewrap', version: '0.8.0' },
    keptProvider: kept.get({ agentId: 'opencode', projectDir }),
  });
  kept.note({ agentId: 'opencode', projectDir }, decided);
  return decided;
}

const GLOBAL: Scope = { kind: 'global' };
const key = (providerId: ProviderId, scope: Scope = GLOBAL): Stored => ({ providerId, scope });
const providerOf = ({ effective: { provider } }: Situation) =>
  provider.state === 'derived' ? `${provider.providerId} by ${provider.by}` : provider.state;

test.each([
  ['anthropic', 'openai'],
  ['openai', 'anthropic'],
  ['google', 'anthropic'],
] as const)('with %s first, %s beside it changes nothing, until the first one goes', (first, second) => {
  const kept = reopened();
  expect(providerOf(look(kept, []))).toBe('no-credential');
  expect(providerOf(look(kept, [key(first)]))).toBe(`${first} by credential`);
  const both = look(kept, [key(first), key(second)]);
  expect(providerOf(both)).toBe(`${first} by kept`);
  expect(both.readiness).toEqual({ state: 'ready' });
  expect(providerOf(look(kept, [key(second)]))).toBe(`${second} by credential`);
  expect(providerOf(look(kept, [key(first), key(second)]))).toBe(`${second} by kept`);
});

test('with two at once, and none used before, a choice is due', () => {
  const decided = look(reopened(), [key('anthropic'), key('google')]);
  expect(decided.readiness).toMatchObject({
    state: 'not-ready',
    error: { code: 'PROVIDER_UNDERIVABLE', details: { agentId: 'opencode', choices: ['anthropic', 'google'] } },
  });
});

test('no key at all is told as a missing key of all its providers', () => {
  expect(look(reopened(), []).readiness).toMatchObject({
    error: {
      code: 'MISSING_BYOK_CREDENTIAL',
      values: {
        provider: 'anthropic / openai / google',
        providerId: 'anthropic',
        variables: 'ANTHROPIC_API_KEY, OPENAI_API_KEY, GOOGLE_API_KEY',
      },
      details: { choices: ['anthropic', 'openai', 'google'] },
    },
  });
});

test('it is remembered over a restart, and forgotten with the agent or the project', () => {
  look(reopened(), [key('openai')]);
  expect(reopened().get({ agentId: 'opencode', projectDir: '/p' })).toBe('openai');
  expect(reopened().get({ agentId: 'opencode', projectDir: '/elsewhere' })).toBe('openai');
  expect(reopened().get({ agentId: 'goose', projectDir: '/p' })).toBeUndefined();
  const kept = reopened();
  look(kept, [key('anthropic', { kind: 'project', projectDir: '/own' })], '/own');
  kept.forgetProject('/own');
  expect(kept.get({ agentId: 'opencode', projectDir: '/own' })).toBe('openai');
  expect(reopened().get({ agentId: 'opencode', projectDir: '/own' })).toBe('openai');
  kept.forgetAgent('opencode');
  expect(kept.get({ agentId: 'opencode', projectDir: '/p' })).toBeUndefined();
  expect(reopened().get({ agentId: 'opencode', projectDir: '/p' })).toBeUndefined();
});

test('what only a project has is kept for that project alone', () => {
  const kept = reopened();
  const stored = [key('anthropic'), key('openai', { kind: 'project', projectDir: '/own' })];
  look(kept, stored.slice(1), '/own');
  expect(providerOf(look(kept, stored, '/own'))).toBe('openai by kept');
  expect(providerOf(look(kept, stored, '/p'))).toBe('anthropic by credential');
  expect(providerOf(look(kept, stored, '/own'))).toBe('openai by kept');
});

test('a credential that its provider refused is not kept, and one that was used stays in charge', () => {
  const kept = reopened();
  look(kept, [{ ...key('openai'), dead: true }]);
  expect(kept.get({ agentId: 'opencode', projectDir: '/p' })).toBeUndefined();
  look(kept, [key('openai')]);
  const refused = look(kept, [{ ...key('openai'), dead: true }, key('anthropic')]);
  expect(refused.readiness).toMatchObject({ error: { code: 'BYOK_CREDENTIAL_INVALID' } });
});

test('a database that cannot be written stops no agent', () => {
  const kept = reopened();
  database.sql.exec('DROP TABLE kept_provider');
  expect(providerOf(look(kept, [key('openai')]))).toBe('openai by credential');
  expect(providerOf(look(kept, [key('openai'), key('google')]))).toBe('openai by kept');
  expect(failures.length).toBeGreaterThan(0);
});

const step = fc.record({
  providerId: fc.constantFrom(...PROVIDERS),
  scope: fc.constantFrom<Scope>(
    GLOBAL,
    { kind: 'agent', agentId: 'opencode' },
    { kind: 'project', projectDir: '/p' },
    { kind: 'project', projectDir: '/q' },
  ),
});

test('adding a credential never makes a ready agent unready, nor sends it to another provider', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 14 }), fc.boolean(), (steps, restarts) => {
      database.sql.exec('DELETE FROM kept_provider');
      let kept = reopened();
      let stored: Stored[] = [];
      for (const one of steps) {
        const before = ['/p', '/q'].map((place) => look(kept, stored, place));
        const without = stored.filter((other) => JSON.stringify(other) !== JSON.stringify(one));
        const adds = without.length === stored.length;
        stored = adds ? [...stored, one] : without;
        if (restarts) kept = reopened();
        ['/p', '/q'].forEach((place, index) => {
          const [was, is] = [before[index], look(kept, stored, place)];
          if (was === undefined || was.readiness.state !== 'ready') return;
          const used = was.effective.provider.state === 'derived' ? was.effective.provider.providerId : undefined;
          const there = stored.some(
            ({ providerId, scope }) => providerId === used && (scope.kind !== 'project' || scope.projectDir === place),
          );
          expect(there || !adds).toBe(true);
          if (!there) return;
          expect(is.readiness.state).toBe('ready');
          expect(is.effective.provider).toMatchObject({ providerId: used });
        });
      }
    }),
    { numRuns: 60 },
  );
});
