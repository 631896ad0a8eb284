import { expect, test } from 'vitest';
import { defined } from '../../../../shared/defined.ts';
import type { CredentialRenewal } from '../../../../shared/model/credential.ts';
import { dueAt, isNeededNow, isOver, retryAt } from './schedule.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const OK: CredentialRenewal = { state: 'ok' };
const ENDED: CredentialRenewal = { state: 'failed', error: { code: 'RENEWAL_REFUSED', values: {} } };
const waits = (nextTryAt: number): CredentialRenewal => ({ state: 'failed', nextTryAt });
const living = (lifeMs: number, renewal?: CredentialRenewal) => ({
  updatedAt: 1000,
  expiresAt: 1000 + lifeMs,
  ...defined({ renewal }),
});

test.each<[string, ReturnType<typeof dueAt>, number | undefined]>([
  ['five minutes before the end', dueAt(living(HOUR, OK), 0), 1000 + HOUR - 5 * MINUTE],
  ['a tenth of a short life before it', dueAt(living(10 * MINUTE, OK), 0), 1000 + 9 * MINUTE],
  ['half of that earlier at most', dueAt(living(10 * MINUTE, OK), 1), 1000 + 8.5 * MINUTE],
  ['at once when its life is over before it began', dueAt(living(-HOUR, OK), 0.5), 1000 - HOUR],
  ['when the next try was set to', dueAt(living(HOUR, waits(77)), 0.3), 77],
  ['never without a renewal', dueAt(living(HOUR), 0), undefined],
  ['never once the server refused', dueAt(living(HOUR, ENDED), 0), undefined],
  ['never when it does not end', dueAt({ updatedAt: 1, renewal: OK }, 0), undefined],
])('it is renewed %s', (_, actual, expected) => {
  expect(actual).toBe(expected);
});

test('a start needs it renewed from the same moment on, and at any time once it has expired', () => {
  const from = 1000 + HOUR - 5 * MINUTE;
  expect([from - 1, from].map((now) => isNeededNow(living(HOUR, OK), now))).toEqual([false, true]);
  expect(isNeededNow(living(HOUR, waits(from + 10)), from), 'still good, and tried a moment ago').toBe(false);
  expect(isNeededNow(living(HOUR, waits(from)), from)).toBe(true);
  expect(isNeededNow(living(HOUR, waits(9 * HOUR)), 1000 + HOUR), 'expired').toBe(true);
  expect(isNeededNow(living(HOUR, ENDED), 2 * HOUR)).toBe(false);
  expect(isNeededNow(living(HOUR), 2 * HOUR)).toBe(false);
  expect(isNeededNow({ updatedAt: 1, renewal: OK }, HOUR)).toBe(false);
});

test('only a failure without a next try is the end', () => {
  expect([OK, waits(1), ENDED].map((renewal) => isOver({ renewal }))).toEqual([false, false, true]);
  expect(isOver({})).toBe(false);
});

test('the wait after a failure doubles, is spread by chance, and ends at ten minutes', () => {
  const waitOf = (failures: number, fraction: number) => retryAt({ now: 0, failures, fraction });
  expect([1, 2, 3, 4].map((failures) => waitOf(failures, 1))).toEqual([5000, 10_000, 20_000, 40_000]);
  expect(waitOf(1, 0)).toBe(2500);
  expect([20, 5000].map((failures) => waitOf(failures, 1))).toEqual([600_000, 600_000]);
  expect(retryAt({ now: 7, failures: 1, fraction: 1 })).toBe(5007);
});
