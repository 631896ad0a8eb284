import type { MethodName, Params, Result } from '../../shared/contract/methods.ts';
import { uuid } from './fixtures.ts';

type Answers = { [M in MethodName]?: (params: Params<M>) => Result<M> | Promise<Result<M>> };

const LINES = [
  '\u001b[1mWelcome\u001b[0m to the sign-in of this agent.',
  '',
  'Browser did not open? Use this address:',
  '\u001b[36mhttps://example.org/oauth/authorize?code=true&client_id=9d1c250a-e61b&response_type=code&state=x\u001b[0m',
  '',
  '\u001b[32m✓\u001b[0m Your token: \u001b[33msk-ant-oat01-••••••••••••••••••••••••••••\u001b[0m',
  '\u001b[41m error \u001b[0m \u001b[38;5;208mcolours\u001b[0m \u001b[7minverse\u001b[0m',
];

/** A login that has printed a token which the keychain did not take, or with the other way one that waits. */
export function loginAnswers(): Answers {
  let wayId = '';
  const screen = (): Result<'terminals.read'> => ({
    sequence: 1,
    painted: `\u001b[H\u001b[J${LINES.join('\r\n')}`,
    size: { columns: 500, rows: 24 },
    links: ['https://example.org/oauth/authorize?code=true&client_id=9d1c250a-e61b&response_type=code&state=x'],
    progress: { state: 'running' },
    capture:
      wayId === 'token' ? { state: 'failed', error: { code: 'KEYCHAIN_LOCKED', values: {} } } : { state: 'none' },
  });
  return {
    'terminals.start': (params) => {
      wayId = params.wayId;
      return { terminalId: uuid(77), resumed: false };
    },
    'terminals.read': ({ after }) => (after === 0 ? screen() : new Promise(() => {})),
    'terminals.write': () => ({}),
    'terminals.close': () => ({}),
    'terminals.signOut': () => ({}),
  };
}
