import { expect, test } from 'vitest';
import type { ProviderView } from '../../../shared/model/provider.ts';
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
const OPENAI: ProviderView = {
  providerId: 'openai',
  name: 'OpenAI',
  credentialAlternatives: [['OPENAI_API_KEY']],
  credentialRequired: true,
  defaultVariable: 'OPENAI_API_KEY',
  variables: [{ name: 'OPENAI_API_KEY', kind: 'api-key' }],
  keyShapes: [],
  baseUrlSource: 'registry',
  models: [],
};
const handlers = {
  'providers.list': async () => ({ providers: [OPENAI] }),
  'variables.list': async () => ({ variables: [PLAIN] }),
  'variables.set': async () => ({ storedAs: 'variable' as const, variable: PLAIN, replaced: false }),
  'variables.remove': async () => ({ removed: PLAIN, takeOver: [] }),
};

test('the variables with their scope', async () => {
  const cli = commandLine({ handlers });
  expect(await cli.run('variables', 'list')).toBe(0);
  expect(await cli.out()).toBe('name    value  storage     applies to\nREGION  north  plain text  global\n');
});

test('a plain value may be an argument', async () => {
  const cli = commandLine({ handlers });
  expect(await cli.run('variables', 'set', 'REGION', 'north', '--json')).toBe(0);
  expect(cli.calls.at(-1)).toMatchObject({
    method: 'variables.set',
    params: { name: 'REGION', value: 'north', scope: { kind: 'global' }, storage: 'plain' },
  });
});

test.each([
  ['asked for as one', ['REGION', 'north', '--secret']],
  ['by its name', ['MY_API_KEY', 'north']],
  ['by its shape', ['REGION', `ghp_${'aB3'.repeat(12)}`]],
])('a secret may not, %s: it is refused before anything is asked, and not repeated', async (_, words) => {
  const cli = commandLine({ handlers });
  expect(await cli.run('variables', 'set', ...words)).toBe(2);
  expect(cli.calls).toEqual([]);
  expect(await cli.err()).toMatch(/shell’s history.*--secret/);
  expect(await cli.err()).not.toContain(words[1]);
});

test.each([
  ['MY_TOKEN', '"in quotes"'],
  ['OPENAI_API_KEY', 'Authorization: Bearer good-key-1'],
])('what is odd about a secret is said, and it is stored as it came: %s', async (name, value) => {
  const cli = commandLine({ handlers, input: `${value}\n` });
  expect(await cli.run('variables', 'set', name, '--secret')).toBe(0);
  expect(cli.calls.at(-1)?.params).toMatchObject({ name, value });
  expect(await cli.err()).toMatch(/There are quotes around it|This is a whole HTTP header/);
});

test('a secret that would be kept readable is refused', async () => {
  const cli = commandLine({ handlers, input: `ghp_${'aB3'.repeat(12)}\n` });
  expect(await cli.run('variables', 'set', 'REGION')).toBe(2);
  expect(cli.calls.map(({ method }) => method)).toEqual(['providers.list']);
  expect(await cli.err()).toContain('add --secret');
});

test('a secret of no look may not either', async () => {
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
