import { expect, it } from 'vitest';
import { createManualClock } from '../../testing/manual-clock.ts';
import { createFreezer } from './freezer.ts';
import type { ProcessState } from './processes.ts';

const state = (pid: number, more: Partial<ProcessState> = {}): ProcessState => ({
  ...{ pid, parent: 1, started: `${pid}0`, stopped: false, stuck: false, dead: false, ran: '0' },
  ...more,
});

/** A world of processes that obey. */
function world() {
  const all = new Map([1, 2, 3, 4].map((pid) => [pid, state(pid)]));
  const sent: string[] = [];
  const freezer = createFreezer({
    root: 1,
    clock: createManualClock(),
    walk: () => ({ processes: new Map(all), whole: true }),
    count: () => all.size,
    signal(pid, signal) {
      sent.push(`${signal} ${pid}`);
      const one = all.get(pid);
      if (one === undefined) return;
      if (signal === 'SIGKILL') all.set(pid, { ...one, dead: true, stopped: false });
      else all.set(pid, { ...one, stopped: signal === 'SIGSTOP' });
    },
  });
  return { all, sent, freezer };
}

it('ends one of them, and lets the others go on', async () => {
  const { freezer, sent, all } = world();
  await freezer.freeze();
  await freezer.kill([{ pid: 3, started: '30' }]);
  expect(sent.filter((one) => one.startsWith('SIGKILL'))).toEqual(['SIGKILL 3']);
  expect([freezer.isFrozen(), all.get(2)?.stopped]).toEqual([false, false]);
});

it('sends nothing to a number that another process has by now', async () => {
  const { freezer, all, sent } = world();
  await freezer.freeze();
  all.set(4, state(4, { started: '99', stopped: true }));
  await freezer.kill([
    { pid: 3, started: '29' },
    { pid: 4, started: '40' },
  ]);
  expect(sent.filter((one) => one.startsWith('SIGKILL'))).toEqual([]);
});

it('ends nothing that runs', async () => {
  const { freezer, sent } = world();
  await expect(freezer.kill([{ pid: 3, started: '30' }])).rejects.toThrow('not stopped');
  expect(sent).toEqual([]);
});
