import { expect, test } from 'vitest';
import { PING_EVERY, PING_PATIENCE, startHeartbeat } from './heartbeat.ts';

function setUp() {
  let now = 0;
  let timers: { at: number; callback: () => void }[] = [];
  const pings: PromiseWithResolvers<unknown>[] = [];
  let silences = 0;
  const stop = startHeartbeat({
    timers: {
      after(delay, callback) {
        const timer = { at: now + delay, callback };
        timers.push(timer);
        return () => {
          timers = timers.filter((one) => one !== timer);
        };
      },
    },
    ping() {
      const ping = Promise.withResolvers<unknown>();
      pings.push(ping);
      return ping.promise;
    },
    onSilence: () => {
      silences++;
    },
  });
  const pass = (ms: number) => {
    now += ms;
    const due = timers.filter(({ at }) => at <= now);
    timers = timers.filter(({ at }) => at > now);
    for (const { callback } of due) callback();
  };
  return { pings, pass, stop, silences: () => silences };
}

const settled = () => new Promise<void>((resolve) => queueMicrotask(() => queueMicrotask(resolve)));

test('a host that answers, be it with an error, is asked again and again', async () => {
  const { pings, pass, silences } = setUp();
  for (let beat = 1; beat <= 4; beat++) {
    pass(PING_EVERY);
    expect(pings.length).toBe(beat);
    if (beat % 2 === 0) pings[beat - 1]?.reject(new Error('METHOD_NOT_FOUND'));
    else pings[beat - 1]?.resolve({});
    await settled();
  }
  expect(silences()).toBe(0);
});

test('one that says nothing is told once, within ten seconds', () => {
  expect(PING_EVERY + PING_PATIENCE).toBeLessThan(10_000);
  const { pass, pings, silences } = setUp();
  pass(PING_EVERY);
  pass(PING_PATIENCE - 1);
  expect(silences()).toBe(0);
  pass(1);
  pass(60_000);
  expect(silences()).toBe(1);
  expect(pings.length).toBe(1);
});

test('stopped, it neither asks nor tells', async () => {
  const { pass, pings, stop, silences } = setUp();
  pass(PING_EVERY);
  stop();
  pings[0]?.resolve({});
  await settled();
  pass(60_000);
  expect([pings.length, silences()]).toEqual([1, 0]);
});
