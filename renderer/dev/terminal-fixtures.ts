import type { MethodName, Params, Result } from '../../shared/contract/methods.ts';
import type { AgentView } from '../../shared/model/agent.ts';
import type { RunEvent, TurnSummary } from '../../shared/model/run-event.ts';
import { agent, running, turn } from './fixtures.ts';

type Answers = { [M in MethodName]?: (params: Params<M>) => Result<M> | Promise<Result<M>> };

export const TERMINAL_AGENT: AgentView = agent({
  agentId: 'aider',
  name: 'aider',
  terminal: true,
  providerIds: ['openai'],
  effective: { mode: 'byo', providerId: 'openai', model: '' },
  modes: ['byo'],
  permissionModes: ['ask'],
  takesInstructions: false,
  origin: {
    kind: 'user',
    definition: {
      agentId: 'aider',
      name: 'aider',
      description: '',
      runs: { kind: 'terminal', command: ['aider', '--no-auto-commits'] },
      providerId: 'openai',
      model: '',
      variables: {},
    },
  },
});

export const TERMINAL_TURNS: readonly TurnSummary[] = [
  { ...running(20, 'running', 'aider'), agentId: 'aider', providerId: 'openai', model: '' },
  turn(21, { agentId: 'aider', providerId: 'openai', model: '', promptPreview: 'explain the tests' }),
];

const accepted = (prompt: string): RunEvent => ({
  type: 'turn.accepted',
  agentId: 'aider',
  model: '',
  projectDir: '/home/ada/code/perch',
  prompt,
});
const started: RunEvent = {
  type: 'session.started',
  sessionId: '00000000-0000-4000-8000-000000000520',
  agentName: 'aider',
  pid: 4120,
  sandbox: { state: 'enforced', backend: 'bubblewrap', network: 'proxy' },
  terminal: true,
};
const said = Array.from(
  { length: 12 },
  (_, at) => `tests/test_${at}.py: 3 passed${at === 7 ? `${' '.repeat(80)}✓ a long one` : ''}`,
);

export const TERMINAL_EVENTS: Readonly<Record<number, readonly RunEvent[]>> = {
  20: [accepted(''), started, { type: 'terminal.output', text: `${said.join('\n')}\n` }],
  21: [
    accepted('explain the tests'),
    started,
    { type: 'terminal.output', text: `${said.join('\n')}\n` },
    { type: 'notice', level: 'warn', key: 'notice.terminal-cut', values: {} },
    { type: 'terminal.output', text: '> explain the tests\n\nThey try each shape with a key that is none.\n' },
    { type: 'turn.ended', result: { outcome: 'completed', stopReason: 'end_turn' } },
  ],
};

const LINES = [
  '\u001b[1maider\u001b[0m  main model: the default   repository map: 1024 tokens',
  '',
  '\u001b[32m>\u001b[0m explain the tests',
  'They try each shape with a key that is none. \u001b[38;5;208mcolours\u001b[0m \u001b[7minverse\u001b[0m',
  'OPENAI_API_KEY is ••••••••••••••••••••••••',
  '\u001b[32m>\u001b[0m ',
];

export function terminalAnswers(): Answers {
  let size = { columns: 60, rows: 24 };
  const resized = Promise.withResolvers<void>();
  const screen = (sequence: number): Result<'turns.readTerminal'> => ({
    sequence,
    painted: `\u001b[H\u001b[J${LINES.join('\r\n')}`,
    size,
    links: [],
    progress: { state: 'running' },
  });
  return {
    'turns.readTerminal': ({ after }) => {
      if (after === 0) return screen(1);
      return after === 1 ? resized.promise.then(() => screen(2)) : new Promise(() => {});
    },
    'turns.writeTerminal': () => ({}),
    'turns.resizeTerminal': (params) => {
      size = params.size;
      resized.resolve();
      return {};
    },
  };
}
