import { expect, test } from 'vitest';
import type { LogWriter } from '../../storage/logs/log-store.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { CheckpointProblem } from './git.ts';
import { createCheckpointRecorder } from './recorder.ts';
import type { ShadowRepository } from './shadow-repository.ts';

const TURN = { turnId: 't', projectDir: '/p' };

function create() {
  const clock = createManualClock();
  const lines: string[] = [];
  const added: object[] = [];
  let snapshots: (() => string)[] = [];
  const repository = {
    snapshot: async () => snapshots.shift()?.() ?? 'tree',
    changes: async (before: string, after: string) => (before === after ? [] : [{ path: 'a', change: 'modified' }]),
    keep: async () => {},
  } as unknown as ShadowRepository;
  const recorder = createCheckpointRecorder({
    store: { add: (checkpoint) => void added.push(checkpoint) },
    repositories: { run: (_, work) => work(repository) },
    clock,
    log: {
      write({ message }) {
        lines.push(message);
        return { log: 'core', segment: 1, offset: 0 };
      },
    } satisfies LogWriter,
    onChange: () => {},
  });
  return {
    recorder,
    clock,
    lines,
    added,
    answer: (...next: (() => string)[]) => {
      snapshots = next;
    },
  };
}
const tooSlow = () => {
  throw new CheckpointProblem('too-slow');
};

test('only a turn that changed files is kept', async () => {
  const { recorder, added, answer } = create();
  await recorder.before(TURN);
  await recorder.after(TURN);
  expect(added).toEqual([]);
  answer(
    () => 'one',
    () => 'two',
  );
  await recorder.before(TURN);
  await recorder.after(TURN);
  expect(added).toEqual([{ turnId: 't', before: 'one', after: 'two', files: 1 }]);
});

test('a folder that was too slow three times in a row is not read again', async () => {
  const { recorder, answer, lines } = create();
  const notice = { level: 'info', key: 'notice.no-checkpoint-too-slow', values: {} };
  answer(
    tooSlow,
    tooSlow,
    () => 'quick enough',
    tooSlow,
    tooSlow,
    tooSlow,
    () => 'not asked for',
  );
  const problems = [];
  for (let count = 0; count < 7; count++) problems.push(await recorder.before(TURN));
  expect(problems).toEqual([notice, notice, undefined, notice, notice, notice, notice]);
  expect(lines).toHaveLength(6);
});

test('the end waits for the second side of a turn, but not for ever', async () => {
  const { recorder, clock } = create();
  await recorder.settled();
  await recorder.before(TURN);
  const settled = recorder.settled();
  await recorder.after(TURN);
  await settled;

  await recorder.before(TURN);
  const bounded = recorder.settled();
  clock.advance(4000);
  await bounded;
});
