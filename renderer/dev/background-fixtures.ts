import type { BackgroundProcess, BackgroundSession } from '../../shared/model/background.ts';
import type { RunEvent, TurnSummary } from '../../shared/model/run-event.ts';
import { accepted, started, turn, uuid } from './fixtures.ts';

const process = (number: number, command: string, ports: readonly number[] = []): BackgroundProcess => ({
  processId: `${number}-1646532`,
  command,
  ports: [...ports],
});
const DEV = process(2107, 'npm run dev', [5173]);
const LONG = process(
  2110,
  `/home/ada/code/perch/node_modules/.bin/tsc --build --watch --incremental --pretty false --tsBuildInfoFile /home/ada/code/perch/node_modules/.cache/${'x'.repeat(160)}…`,
);
const NAMES = [
  '.envrc',
  '.vscode',
  '.gitconfig',
  '.idea',
  '.husky',
  '.npmrc',
  'perch.toml',
  'Makefile',
  '.pre-commit-config.yaml',
];
const LEFT: Readonly<Record<number, readonly BackgroundProcess[]>> = { 30: [DEV], 31: [DEV, LONG], 32: [DEV, LONG] };
const PROMPT = 'Start the development server and leave it running';

export const BACKGROUND_TURNS: readonly TurnSummary[] = Object.keys(LEFT).map((number) =>
  turn(Number(number), { status: 'completed', promptPreview: PROMPT }),
);

export const BACKGROUND_SESSIONS: readonly BackgroundSession[] = [30, 31].map((number) => ({
  sessionId: BACKGROUND_TURNS.find(({ turnId }) => turnId === uuid(number))?.sessionId ?? '',
  turnId: uuid(number),
  state: number === 30 ? 'paused' : 'running',
  processes: [...(LEFT[number] ?? [])],
  protected: NAMES,
  ownNetwork: number === 31,
  agentId: 'claude-code',
  projectDir: '/home/ada/code/perch',
}));

export const BACKGROUND_EVENTS: Readonly<Record<number, readonly RunEvent[]>> = Object.fromEntries(
  Object.entries(LEFT).map(([number, processes]) => [
    number,
    [
      accepted(PROMPT),
      started,
      { type: 'agent.message', text: 'The server runs at http://localhost:5173.' },
      { type: 'background.left', state: 'paused', processes: [...processes] },
      { type: 'turn.ended', result: { outcome: 'completed', stopReason: 'end_turn' } },
    ] satisfies RunEvent[],
  ]),
);
