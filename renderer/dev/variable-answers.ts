import type { MethodName, Params, Result } from '../../shared/contract/methods.ts';
import { PerchError } from '../../shared/errors/perch-error.ts';
import type { VariableView } from '../../shared/model/variable.ts';
import { NOW, uuid } from './fixtures.ts';

type Answers = { [M in Extract<MethodName, `variables.${string}`>]?: (params: Params<M>) => Result<M> };

const MINUTE = 60_000;

const variable = (number: number, patch: Partial<VariableView>): VariableView => ({
  variableId: uuid(950 + number),
  name: 'DATABASE_URL',
  scope: { kind: 'global' },
  storage: 'plain',
  shown: 'postgres://localhost:5432/perch',
  createdAt: NOW - 90 * MINUTE,
  updatedAt: NOW - 40 * MINUTE,
  ...patch,
});

export const VARIABLES: readonly VariableView[] = [
  variable(1, {}),
  variable(2, { scope: { kind: 'agent', agentId: 'opencode' }, shown: 'postgres://localhost:5432/agent' }),
  variable(3, { name: 'SENTRY_AUTH_TOKEN', storage: 'keychain', shown: '••••••••x7Qa' }),
  variable(4, { name: 'DEPLOY_PASSWORD', storage: 'session-only', shown: '••••••••' }),
  variable(5, {
    name: 'A_REALLY_LONG_NAME_OF_A_VARIABLE_THAT_SOMEBODY_GAVE_IT_FOR_NO_GOOD_REASON',
    shown: `first line\n${'and a long second one, '.repeat(12)}`,
  }),
  variable(6, { name: 'GOOSE_MODEL', shown: 'gpt-5' }),
];

export function variableAnswers(): Answers {
  return {
    'variables.set': ({ name, scope, value, storage }) => ({
      storedAs: 'variable',
      variable: variable(9, { name, scope, storage, shown: storage === 'plain' ? value : '••••••••' }),
      replaced: false,
    }),
    'variables.readText': () => ({
      candidates: [
        {
          name: 'STRIPE_SECRET',
          masked: '••••••••p0Lx',
          findings: [{ key: 'paste.interior-lines', level: 'warn', values: { lines: 2, line: 1, column: 61, at: 60 } }],
        },
        { name: 'DATABASE_URL', masked: '••••••••erch' },
        { name: 'OPENAI_API_KEY', masked: '••••••••a0b1', providerId: 'openai' },
        { name: 'PATH', masked: '••••••••/bin', problem: { code: 'VARIABLE_RESERVED', values: { variable: 'PATH' } } },
      ],
    }),
    'variables.setFromText': ({ chosen }) => ({
      results: chosen.map(({ name }, index) =>
        index === 1
          ? { outcome: 'failed', name, error: { code: 'KEYCHAIN_LOCKED', values: {} } }
          : { outcome: 'stored', name, storedAs: 'variable' },
      ),
    }),
    'variables.remove': () => {
      throw new PerchError('KEYCHAIN_LOCKED');
    },
  };
}
