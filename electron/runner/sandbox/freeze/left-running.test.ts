import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { familiesLeft, keysOf } from './left-running.ts';
import type { ProcessState } from './processes.ts';

const process = (pid: number, parent: number, more: Partial<ProcessState> = {}): ProcessState => ({
  ...{ pid, parent, started: `${pid}0`, stopped: true, stuck: false, dead: false, ran: '' },
  ...more,
});
const walk = (...all: ProcessState[]) => ({ processes: new Map(all.map((one) => [one.pid, one])) });
const AGENT = [process(1, 0), process(2, 1), process(3, 2)];
const OWN = keysOf(walk(...AGENT));
const nobody = (): boolean => false;
const pids = (all: ReturnType<typeof familiesLeft>) => all.map(({ members }) => members.map(({ pid }) => pid));

describe('what a turn left running', () => {
  it('is what came since, each with its descendants', () => {
    const all = walk(...AGENT, process(4, 3), process(5, 4), process(6, 1), process(7, 6), process(8, 5));
    expect(pids(familiesLeft(all, OWN, nobody))).toEqual([
      [4, 5, 8],
      [6, 7],
    ]);
  });

  it('is no helper of the agent’s, and none of such a helper’s own, but what a helper left', () => {
    const isHelper = ({ pid }: ProcessState): boolean => [4, 5].includes(pid);
    const all = walk(...AGENT, process(4, 3), process(5, 4), process(6, 4), process(7, 1), process(5_000, 7));
    expect(pids(familiesLeft(all, OWN, isHelper))).toEqual([[6], [7, 5_000]]);
    // A program that reads what another program writes is a helper only of the agent's own.
    const below = walk(...AGENT, process(7, 1), process(5, 7));
    expect(pids(familiesLeft(below, OWN, isHelper))).toEqual([[7, 5]]);
  });

  it('is not what has ended, and a number that is given again is another process', () => {
    const all = walk(...AGENT.slice(0, 2), process(3, 2, { started: '99' }), process(4, 1, { dead: true }));
    expect(familiesLeft(all, OWN, nobody).map(({ id }) => id)).toEqual(['3-99']);
  });

  it('holds each living process once, and never one of the agent’s', () => {
    const tree = fc.array(fc.record({ parent: fc.nat(), dead: fc.boolean(), own: fc.boolean() }), { maxLength: 30 });
    fc.assert(
      fc.property(tree, (made) => {
        const all = [process(1, 0)];
        const own = new Set(keysOf(walk(...all)));
        for (const { parent, dead, own: isOwn } of made) {
          // What has ended has no children, and a process of the agent's that was there first none of what came later
          // above it.
          const parents = all.filter((one) => !one.dead && (!isOwn || own.has(`${one.pid}-${one.started}`)));
          const one = process(all.length + 1, parents[parent % parents.length]?.pid ?? 1, { dead });
          all.push(one);
          if (isOwn) own.add(`${one.pid}-${one.started}`);
        }
        const found = familiesLeft(walk(...all), own, nobody);
        const told = found.flatMap(({ members }) => members.map(({ pid, started }) => `${pid}-${started}`));
        const living = all.filter(({ dead }) => !dead).map(({ pid, started }) => `${pid}-${started}`);
        expect(new Set(told).size).toBe(told.length);
        for (const { id } of found) expect(own.has(id)).toBe(false);
        for (const one of living) expect(told.includes(one) || own.has(one)).toBe(true);
      }),
    );
  });
});
