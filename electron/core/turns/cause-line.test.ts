import { describe, expect, test } from 'vitest';
import { defined } from '../../../shared/defined.ts';
import type { ErrorCode } from '../../../shared/errors/codes.ts';
import type { LogLevel, LogPosition } from '../../../shared/model/log-position.ts';
import { causeLine, noteLine, type Trouble } from './cause-line.ts';

const at = (offset: number): LogPosition => ({ log: 'core', segment: 1, offset });
const OWN = at(999);
type Line = readonly [level: LogLevel, source: string, message: string];

const NOISE: Line[] = [
  ['debug', 'acp', 'skipped a notification _auth/status_update'],
  ['warn', 'agent.stderr', 'level=WARN message="background dependency install failed"'],
  ['warn', 'egress', 'the host chatgpt.com:443 was refused (not-allowed)'],
];
const STACK: Line[] = [
  ['error', 'agent.stderr', 'Error: first'],
  ['error', 'agent.stderr', '    at a (x.mjs:1:1)'],
  ['info', 'agent.stderr', 'working on'],
  ['error', 'agent.stderr', 'Error: last\n    at b (x.mjs:1:1)'],
  ['error', 'agent.stderr', '    at c (x.mjs:1:1)'],
];
const GONE: Line = ['error', 'turn', 'The agent is gone (exit code 1, signal none)'];

function marked(lines: readonly Line[], code: ErrorCode, reported?: string): string {
  const trouble = lines.reduce<Trouble>(
    (known, [level, source, message], index) => noteLine(known, { level, source, message }, at(index)),
    {},
  );
  const cause = { error: { code, values: {} }, ...defined({ reported }) };
  const { offset } = causeLine(cause, trouble, OWN);
  return offset === OWN.offset ? 'own' : (lines[offset]?.[2].split('\n')[0] ?? 'none');
}

describe('the line that carries the cause', () => {
  test.each([
    ['words that were reported are in the own line', [...NOISE, ...STACK, GONE], 'AGENT_REPORTED_ERROR', 'no', 'own'],
    ['a refused credential too', [...NOISE, ...STACK], 'BYOK_CREDENTIAL_INVALID', 'Authentication required', 'own'],
    ['an agent that exits says last why', [...NOISE, ...STACK, GONE], 'AGENT_EXITED', undefined, 'Error: last'],
    ['one that does not start as well', [...NOISE, ...STACK], 'SESSION_START_FAILED', undefined, 'Error: last'],
    ['one that starts too slowly', STACK, 'SESSION_START_TIMEOUT', undefined, 'Error: last'],
    ['one that falls silent', STACK, 'TURN_TIMEOUT', undefined, 'Error: last'],
    ['one that ends without an answer', STACK, 'AGENT_ENDED_WITHOUT_ANSWER', undefined, 'Error: last'],
    [
      'a failure of Perch around it',
      [...NOISE, ['error', 'egress', 'the way out is gone: x'], GONE],
      'AGENT_EXITED',
      undefined,
      'the way out is gone: x',
    ],
    [
      'the agent before Perch',
      [['error', 'egress', 'the way out is gone: x'], ...STACK],
      'AGENT_EXITED',
      undefined,
      'Error: last',
    ],
    ['noise alone is no cause', NOISE, 'AGENT_EXITED', undefined, 'own'],
    ['no line at all', [], 'AGENT_EXITED', undefined, 'own'],
    ['a limit is the user’s own', STACK, 'TURN_LIMIT_MINUTES', undefined, 'own'],
    ['a mode that is refused', STACK, 'PERMISSION_MODE_REFUSED', undefined, 'own'],
    ['a lost turn', STACK, 'TURN_LOST', undefined, 'own'],
    ['what Perch refuses', STACK, 'SANDBOX_FAILED', undefined, 'own'],
  ] as const)('%s', (_, lines, code, reported, expected) => {
    expect(marked(lines as readonly Line[], code, reported)).toBe(expected);
  });
});
