import { describe, expect, test } from 'vitest';
import { type HeartbeatAction, heard, onDue } from './heartbeat.ts';
import { createManualClock } from './testing/manual-clock.ts';
import { watchHeartbeat } from './watch.ts';

describe('decision', () => {
  test('a silent runner is asked after 5 s, suspected after 6 s, given up after 11 s', () => {
    const actions: [at: number, action: HeartbeatAction][] = [];
    let heartbeat = heard(0);
    while (actions.at(-1)?.[1] !== 'give-up') {
      const at = heartbeat.due;
      const { action, next } = onDue(heartbeat, at);
      actions.push([at, action]);
      heartbeat = next;
    }
    expect(actions).toEqual([
      [5_000, 'ask'],
      [6_000, 'warn-and-ask'],
      [11_000, 'give-up'],
    ]);
  });

  test.each([
    ['on time', 11_000, 'give-up'],
    ['a little late', 12_900, 'give-up'],
    ['after a sleep', 3_611_000, 'ask'],
    ['after the clock was set back', -50_000, 'ask'],
  ])('the last decision, %s', (_, now, action) => {
    expect(onDue({ stage: 'suspect', due: 11_000 }, now).action).toBe(action);
  });

  test('after a jump the runner has the whole two waits again', () => {
    expect(onDue({ stage: 'suspect', due: 11_000 }, 500_000).next).toEqual({ stage: 'asked', due: 506_000 });
  });
});

describe('watch', () => {
  function watched() {
    const clock = createManualClock(0);
    const pings: (() => void)[] = [];
    const events: [at: number, what: string][] = [];
    const watch = watchHeartbeat({
      clock,
      ping: () => new Promise<void>((resolve) => pings.push(resolve)),
      onSuspect: () => events.push([clock.now(), 'suspect']),
      onSilent: () => events.push([clock.now(), 'silent']),
    });
    return { clock, pings, events, watch };
  }

  test('an answer, however late, begins the watch anew', async () => {
    const { clock, pings, events } = watched();
    clock.advance(10_000);
    expect(pings.length).toBe(2);
    pings[0]?.();
    await clock.timerIn(5_000);
    clock.advance(4_999);
    expect(events).toEqual([[6_000, 'suspect']]);
    clock.advance(100_000);
    expect(events.at(-1)).toEqual([21_000, 'silent']);
  });

  test('it gives up once, then rests', () => {
    const { clock, pings, events } = watched();
    clock.advance(1_000_000);
    expect(events).toEqual([
      [6_000, 'suspect'],
      [11_000, 'silent'],
    ]);
    expect(pings.length).toBe(2);
  });

  test('sleep is no silence: twenty sleeps, no false alarm', async () => {
    const { clock, pings, events } = watched();
    for (let sleep = 0; sleep < 20; sleep++) {
      clock.jump(3_600_000);
      pings.at(-1)?.();
      await clock.timerIn(5_000);
    }
    expect(events).toEqual([]);
  });

  test('a stopped watch is quiet, also for an answer that comes later', async () => {
    const { clock, pings, events, watch } = watched();
    clock.advance(5_000);
    watch.stop();
    pings[0]?.();
    await Promise.resolve();
    clock.advance(1_000_000);
    expect(events).toEqual([]);
    expect(pings.length).toBe(1);
  });
});
