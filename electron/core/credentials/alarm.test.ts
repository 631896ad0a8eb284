import { beforeEach, expect, test } from 'vitest';
import { type Alarm, createAlarm } from './alarm.ts';

let now: number;
let timer: { at: number; callback: () => void } | undefined;
let rings: number[];
let alarm: Alarm;

beforeEach(() => {
  now = 1000;
  timer = undefined;
  rings = [];
  const after = (delayMs: number, callback: () => void) => {
    const mine = { at: now + delayMs, callback };
    timer = mine;
    return () => {
      if (timer === mine) timer = undefined;
    };
  };
  alarm = createAlarm({ clock: { now: () => now, after }, ring: () => void rings.push(now) });
});

/** The timer's time comes; the clock may have gone further meanwhile. */
function pass(to = timer?.at ?? now): void {
  const due = timer;
  timer = undefined;
  now = to;
  due?.callback();
}

test('it rings once, at its time', () => {
  alarm.set(1500);
  pass();
  expect([rings, timer]).toEqual([[1500], undefined]);
});

test('a long wait is cut, so that a machine that slept is late by no more than a piece', () => {
  const hours = 1000 + 3 * 3_600_000;
  alarm.set(hours);
  expect(timer?.at).toBe(1000 + 900_000);
  pass();
  expect(rings).toEqual([]);
  pass(hours + 5);
  expect(rings).toEqual([hours + 5]);
});

test('another time takes the place of the first; none takes it away; one that is past rings at once', () => {
  alarm.set(5000);
  alarm.set(2000);
  pass();
  expect(rings).toEqual([2000]);
  alarm.set(3000);
  alarm.set(undefined);
  expect(timer).toBeUndefined();
  alarm.set(10);
  expect(timer?.at).toBe(2000);
  pass();
  expect(rings).toEqual([2000, 2000]);
});
