import { expect, test } from 'vitest';
import type { VariableView } from '../../../shared/model/variable.ts';
import { commandLine, TURN_ID } from '../testing/command-line.ts';

const PLAIN: VariableView = {
  variableId: TURN_ID,
  name: 'REGION',
  scope: { kind: 'global' },
  storage: 'plain',
  shown: 'north',
  createdAt: 1,
  updatedAt: 1,
};
const handlers = {
  'variables.list': async () => ({ variables: [PLAIN] }),
  'variables.set': async () => ({ storedAs: 'variable' as const, variable: PLAIN, replaced: false }),
  'variables.remove': async () => ({ removed: PLAIN, takeOver: [] }),
};

test('the variables with their scope', async () => {
  const cli = commandLine({ handlers });
  expect(await cli.run('variables', 'list')).toBe(0);
  expect(await cli.out()).toBe('name    value  kept   applies to\nREGION  north  plain  global\n');
});

test('a plain value may be an argument', async () => {
  const cli = commandLine({ handlers });
  expect(await cli.run('variables', 'set', 'REGION', 'north', '--json')).toBe(0);
  expect(cli.calls.at(-1)).toMatchObject({
    method: 'variables.set',
    params: { name: 'REGION', value: 'north', scope: { kind: 'global' }, storage: 'plain' },
  });
});

test('a secret may not', async () => {
  const cli = commandLine({ handlers });
  expect(await cli.run('variables', 'set', 'REGION', 'north', '--secret')).toBe(2);
  expect(cli.calls).toEqual([]);
});

test('remove finds the one of that very scope', async () => {
  const cli = commandLine({ handlers });
  expect(await cli.run('variables', 'remove', 'REGION')).toBe(0);
  expect(cli.calls.at(-1)).toMatchObject({ method: 'variables.remove', params: { variableId: TURN_ID } });
  expect(await cli.run('variables', 'remove', 'REGION', '--scope', 'agent:codex')).toBe(1);
});
