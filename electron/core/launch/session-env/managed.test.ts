import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CredentialView, Scope } from '../../../../shared/model/credential.ts';
import type { VariableView } from '../../../../shared/model/variable.ts';
import { loadAgents } from '../../agents/load.ts';
import { knownCredentialVariables } from '../../agents/session-plan.ts';
import type { VariableInEffect } from '../../credentials/variables/chain.ts';
import { createProviderRegistry } from '../../providers/registry.ts';
import { type PlanInput, planEnvironment } from './plan.ts';

const resourcesDir = join(import.meta.dirname, '..', '..', '..', '..', 'resources');
const registry = createProviderRegistry({
  resourcesDir,
  baseUrls: { get: () => undefined, set: () => {}, reset: () => {} },
});
const known = knownCredentialVariables({ registry, agents: loadAgents(resourcesDir) });

const id = '00000000-0000-4000-8000-000000000001';
const stamps = { createdAt: 1, updatedAt: 1 };
const stored = (variable: string, scope: Scope): CredentialView => ({
  credentialId: id,
  providerId: 'openai',
  variable,
  scope,
  storage: 'keychain',
  masked: '••••1234',
  status: 'ok',
  ...stamps,
});
const own = (name: string, scope: Scope): VariableInEffect => ({
  variable: { variableId: id, name, scope, storage: 'keychain', shown: '••••', ...stamps } as VariableView,
  hides: [],
});

const inputWith = (change: Partial<PlanInput>): PlanInput => ({
  platform: 'linux',
  host: {},
  home: '/home/agent',
  temporary: '/tmp',
  agent: [],
  access: { mode: 'managed', stored: [] },
  network: { kind: 'shared' },
  variables: [],
  isRouting: () => false,
  knownCredentialVariables: known,
  ...change,
});

const SCOPES: Scope[] = [
  { kind: 'global' },
  { kind: 'project', projectDir: '/p' },
  { kind: 'agent', agentId: 'codex' },
];
/** Where a credential variable may come from, and how the plan is made from there. */
const SOURCES: [name: string, input: (variable: string) => Partial<PlanInput>, source: string][] = [
  ...SCOPES.map((scope): [string, (variable: string) => Partial<PlanInput>, string] => [
    `stored, ${scope.kind}`,
    (variable) => ({ access: { mode: 'managed', stored: [stored(variable, scope)] } }),
    'credential',
  ]),
  ...SCOPES.map((scope): [string, (variable: string) => Partial<PlanInput>, string] => [
    `a variable of the user's, ${scope.kind}`,
    (variable) => ({ variables: [own(variable, scope)] }),
    'variable',
  ]),
  ['exported by the host', (variable) => ({ host: { [variable]: 'from-the-host' } }), 'host'],
];

test('the registry knows credential variables', () => {
  expect(known.size).toBeGreaterThan(20);
  expect(known).toContain('ANTHROPIC_API_KEY');
});

describe('in managed every credential variable is denied and unset', () => {
  test.each(SOURCES)('%s', (_, input, source) => {
    for (const variable of known) {
      const plan = planEnvironment(inputWith(input(variable)));
      expect(plan.set.map(({ name }) => name)).not.toContain(variable);
      expect(plan.denied).toContainEqual({ name: variable, source, reason: 'reason.denied-managed' });
      expect(plan.unset).toContainEqual({ name: variable, reason: 'reason.unset-managed' });
    }
  });

  test('held by a session from before', () => {
    for (const name of known) {
      const { set, unset } = planEnvironment(inputWith({ givenNames: [{ name, kind: 'credential' }] }));
      expect(set.map((one) => one.name)).not.toContain(name);
      expect(unset).toEqual([{ name, reason: 'reason.unset-managed' }]);
    }
  });

  test('asked for by the description of an agent', () => {
    for (const name of known) {
      const agent = [{ name, value: 'x', source: 'agent' as const, reason: 'reason.agent-routing' }];
      expect(planEnvironment(inputWith({ agent })).set.map((one) => one.name)).not.toContain(name);
    }
  });
});

test("the user's own variables that are no credential stay, and what else a session had is unset as ever", () => {
  const { set, unset } = planEnvironment(
    inputWith({ variables: [own('MY_SETTING', { kind: 'global' })], givenNames: [{ name: 'OLD', kind: 'variable' }] }),
  );
  expect(set.map(({ name }) => name)).toContain('MY_SETTING');
  expect(unset).toEqual([{ name: 'OLD', reason: 'reason.unset-variable' }]);
});

test.each(SCOPES)("with the user's own credential none of theirs is taken away: $kind", (scope) => {
  for (const variable of known) {
    const credentials = [{ entry: stored(variable, scope), as: variable }];
    const plan = planEnvironment(inputWith({ access: { mode: 'byo', credentials } }));
    expect(plan.set.find(({ name }) => name === variable)).toMatchObject({ reason: `reason.credential-${scope.kind}` });
    expect(plan.denied).toEqual([]);
    expect(plan.unset).toEqual([]);
  }
});

test('what is unset is told in one order, whichever credential was stored first', () => {
  const credentials = ['OPENAI_API_KEY', 'ANTHROPIC_API_KEY'].map((name) => stored(name, { kind: 'global' }));
  const { unset } = planEnvironment(inputWith({ access: { mode: 'managed', stored: credentials } }));
  expect(unset.map(({ name }) => name)).toEqual(['ANTHROPIC_API_KEY', 'OPENAI_API_KEY']);
});
