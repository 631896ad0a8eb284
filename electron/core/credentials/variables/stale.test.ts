import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { VariableView } from '../../../../shared/model/variable.ts';
import { staleVariable } from './stale.ts';

const variable = (change: Partial<VariableView> = {}): VariableView => ({
  variableId: randomUUID(),
  name: 'MINE',
  scope: { kind: 'global' },
  storage: 'plain',
  shown: 'x',
  createdAt: 1,
  updatedAt: 1,
  ...change,
});
const HELD = variable();
const HERE = { agentId: 'codex', projectDir: '/p' };
const narrower = variable({ scope: { kind: 'agent', agentId: 'codex' } });
const elsewhere = variable({ scope: { kind: 'agent', agentId: 'goose' } });

test.each([
  [[HELD], undefined],
  [[HELD, elsewhere, variable({ name: 'OTHER' })], undefined],
  [[variable()], 'replaced'],
  [[], 'deleted'],
  [[variable({ name: 'RENAMED' })], 'deleted'],
  [[elsewhere], 'deleted'],
  [[HELD, narrower], 'hidden'],
] as const)('%#: a held variable among %j is %s', (now, reason) => {
  expect(staleVariable(HELD, HERE, now)).toBe(reason);
});
