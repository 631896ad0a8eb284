import { expect, test } from 'vitest';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import { variableHandlers } from './variables.ts';

const CANARY = 'canary-value-of-a-secret-77120';

function handlers() {
  const stored: unknown[] = [];
  const made = variableHandlers({
    variables: {
      list: () => [],
      nameProblem: (name) => (name === 'PATH' ? new PerchError('VARIABLE_RESERVED', { variable: name }) : undefined),
      async set(params) {
        if (params.name === 'PATH') throw new PerchError('VARIABLE_RESERVED', { variable: 'PATH' });
        stored.push(['variable', params.name, params.value, params.storage]);
        return { variable: {} as never, replaced: false };
      },
      remove: () => Promise.reject(new PerchError('VARIABLE_NOT_FOUND')),
    },
    credentials: {
      async set(params) {
        stored.push(['credential', params.providerId, params.variable, params.value, params.storage]);
        return { credential: {} as never, replaced: true, trimmed: false };
      },
    },
    registry: {
      list: () => [],
      all: () => [{ providerId: 'openai', variables: [{ name: 'OPENAI_API_KEY' }] }],
    },
  });
  return { made, stored };
}
const context = {} as never;
const GLOBAL = { kind: 'global' } as const;

test.each([
  ['plain', 'keychain'],
  ['keychain', 'keychain'],
  ['session-only', 'session-only'],
] as const)('a credential variable, asked to be %s, becomes a credential in %s', async (storage, kept) => {
  const { made, stored } = handlers();
  const params = { name: 'OPENAI_API_KEY', scope: GLOBAL, value: 'v', storage };
  expect(await made['variables.set'](params, context)).toMatchObject({ storedAs: 'credential', replaced: true });
  expect(stored).toEqual([['credential', 'openai', 'OPENAI_API_KEY', 'v', kept]]);
});

test('a text is shown masked, with what becomes of each; the chosen ones are stored, and one that fails stops none', async () => {
  const { made, stored } = handlers();
  const text = `MINE=${CANARY}\nMY_SECRET="in two\n  lines"\nPATH=/tmp\nOPENAI_API_KEY=${CANARY}\nLEFT=x\n`;
  const { candidates } = await made['variables.readText']({ text }, context);
  expect(JSON.stringify(candidates)).not.toContain(CANARY);
  expect(candidates).toMatchObject([
    { name: 'MINE', masked: '••••••••7120' },
    { name: 'MY_SECRET', findings: [{ key: 'paste.interior-lines', level: 'warn' }] },
    { name: 'PATH', problem: { code: 'VARIABLE_RESERVED' } },
    { name: 'OPENAI_API_KEY', providerId: 'openai' },
    { name: 'LEFT' },
  ]);
  const chosen = ['PATH', 'MINE', 'OPENAI_API_KEY', 'NOT_IN_IT'].map((name) => ({
    name,
    storage: 'keychain' as const,
  }));
  const { results } = await made['variables.setFromText']({ text, scope: GLOBAL, chosen }, context);
  expect(results).toMatchObject([
    { name: 'PATH', outcome: 'failed', error: { code: 'VARIABLE_RESERVED' } },
    { name: 'MINE', outcome: 'stored', storedAs: 'variable' },
    { name: 'OPENAI_API_KEY', outcome: 'stored', storedAs: 'credential' },
  ]);
  expect(stored).toHaveLength(2);
});

test('a text of another kind is refused', async () => {
  const { made } = handlers();
  await expect(made['variables.readText']({ text: 'Dear reader,\n' }, context)).rejects.toMatchObject({
    code: 'VARIABLES_TEXT_NOT_UNDERSTOOD',
  });
});
