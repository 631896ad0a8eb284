import { expect, test } from 'vitest';
import { defined } from '../../../../shared/defined.ts';
import { environmentNames, unsetBetween } from './environment-names.ts';
import type { PlannedVariable } from './plan.ts';

const plain = (name: string, source: 'perch' | 'agent' | 'model' | 'variable'): PlannedVariable => ({
  name,
  source,
  reason: 'reason.x',
  secret: false,
  value: 'x',
});
const secret = (name: string, providerId?: string): PlannedVariable => ({
  name,
  source: 'keychain',
  reason: 'reason.x',
  secret: true,
  keptAs: name,
  masked: '••••••••',
  ...defined({ providerId }),
});
const BEFORE = [
  plain('MINE', 'variable'),
  secret('MY_SECRET'),
  secret('OPENAI_API_KEY', 'openai'),
  plain('OPENAI_BASE_URL', 'agent'),
  plain('MODEL', 'model'),
  plain('QUIET', 'agent'),
];
const isRouting = (name: string) => name === 'OPENAI_BASE_URL' || name === 'MINE';

test('what a session had and would not get now is told with what it was', () => {
  const held = environmentNames({ set: BEFORE }, isRouting);
  expect(unsetBetween(held, [])).toEqual([
    { name: 'MINE', reason: 'reason.unset-variable' },
    { name: 'MODEL', reason: 'reason.unset-routing' },
    { name: 'MY_SECRET', reason: 'reason.unset-variable' },
    { name: 'OPENAI_API_KEY', reason: 'reason.unset-credential' },
    { name: 'OPENAI_BASE_URL', reason: 'reason.unset-routing' },
    { name: 'QUIET', reason: 'reason.unset-other' },
  ]);
});

test('a renamed one is unset under its former name only, and what stays is not told', () => {
  const held = environmentNames({ set: BEFORE }, isRouting);
  const now = [...BEFORE.filter(({ name }) => name !== 'MINE'), plain('RENAMED', 'variable')];
  expect(unsetBetween(held, now)).toEqual([{ name: 'MINE', reason: 'reason.unset-variable' }]);
  expect(unsetBetween(held, BEFORE)).toEqual([]);
});

test('a name that several conversations hold is told once', () => {
  const held = environmentNames({ set: [secret('MY_SECRET')] }, isRouting);
  expect(unsetBetween([...held, ...held], [])).toHaveLength(1);
});
