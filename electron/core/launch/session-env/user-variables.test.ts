import { expect, test } from 'vitest';
import type { VariableView } from '../../../../shared/model/variable.ts';
import type { VariableInEffect } from '../../credentials/variables/chain.ts';
import { resolveEnvironment } from './plan.ts';
import { userVariables } from './user-variables.ts';

const variable = (name: string, change: Partial<VariableView> = {}): VariableInEffect => ({
  variable: {
    variableId: `id-of-${name}`,
    name,
    scope: { kind: 'global' },
    storage: 'plain',
    shown: 'value',
    createdAt: 1,
    updatedAt: 1,
    ...change,
  },
  hides: [],
});
const plan = (...variables: VariableInEffect[]) =>
  userVariables({
    variables,
    taken: new Set(['TERM']),
    knownCredentialVariables: new Set(['OPENAI_API_KEY']),
    isRouting: (name) => name === 'SOME_BASE_URL',
  });

test('a plain one with its value, a secret one by its id', () => {
  const { set, denied } = plan(
    variable('A', { scope: { kind: 'agent', agentId: 'codex' } }),
    variable('B', { storage: 'keychain', shown: '••', scope: { kind: 'project', projectDir: '/p' } }),
    variable('C', { storage: 'session-only', shown: '••' }),
  );
  expect(denied).toEqual([]);
  expect(set).toEqual([
    { name: 'A', value: 'value', secret: false, source: 'variable', reason: 'reason.variable-agent' },
    {
      name: 'B',
      secret: true,
      source: 'keychain',
      reason: 'reason.variable-project',
      keptAs: 'id-of-B',
      masked: '••',
    },
    {
      name: 'C',
      secret: true,
      source: 'session-only',
      reason: 'reason.variable-global',
      keptAs: 'id-of-C',
      masked: '••',
    },
  ]);
  const whole = { set, unset: [], denied };
  const values = new Map([
    ['id-of-B', 'b'],
    ['id-of-C', 'c'],
  ]);
  expect(resolveEnvironment(whole, values)).toEqual({ A: 'value', B: 'b', C: 'c' });
  expect(() => resolveEnvironment(whole, new Map([['id-of-C', 'c']]))).toThrow(
    expect.objectContaining({ code: 'VARIABLE_UNREADABLE', values: { variable: 'B' } }),
  );
});

test.each([
  ['NODE_OPTIONS', 'reason.denied-reserved'],
  ['OPENAI_API_KEY', 'reason.denied-provider'],
  ['SOME_BASE_URL', 'reason.denied-routing'],
  ['TERM', 'reason.denied-taken'],
])('%s is kept out: %s', (name, reason) => {
  expect(plan(variable(name))).toEqual({ set: [], denied: [{ name, source: 'variable', reason }] });
});

test('what it hides is told', () => {
  expect(plan({ ...variable('A'), hides: ['project', 'global'] }).denied).toEqual([
    { name: 'A', source: 'variable', reason: 'reason.denied-hidden-project' },
    { name: 'A', source: 'variable', reason: 'reason.denied-hidden-global' },
  ]);
});
