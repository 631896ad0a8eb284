import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resetOf } from './reset.ts';

/** Half past noon UTC. */
const NOW = Date.UTC(2026, 10, 30, 12, 30);
const MINUTE = 60_000;

test.each([
  ['Please try again in 1.574s. Visit', 1574],
  ['Please try again in 564ms.', 564],
  ['Please try again in 7m12s. Visit', 7 * MINUTE + 12_000],
  ['Please retry in 27.5s.', 27_500],
  ['"retryDelay": "20s"', 20_000],
  ['retry-after: 30', 30_000],
  ['You hit your usage limit. Try again in 3 days 4 hours 9 minutes.', (3 * 24 * 60 + 4 * 60 + 9) * MINUTE],
  ["You've hit your session limit · resets 3pm (UTC)", 150 * MINUTE],
  ['Your limit will reset. resets at 1:15pm (Europe/Berlin)', 23 * 60 * MINUTE + 45 * MINUTE],
  ['resets 12:45 (UTC)', 15 * MINUTE],
  [`Claude AI usage limit reached|${NOW / 1000 + 600}`, 10 * MINUTE],
  ['You will regain access on 2026-12-01 at 00:00 UTC.', 11.5 * 60 * MINUTE],
])('%s', (text, wait) => {
  expect(resetOf(text, NOW)).toBe(NOW + wait);
});

test.each([
  'rate limit reached',
  'try again in a moment',
  'it reset 5 times',
  'resets 9 (Mars/Olympus)',
  'resets 3pm (Mars/Olympus)',
  'You will regain access on 2020-01-01 at 00:00 UTC.',
  'try again in 400 days',
])('no time: %s', (text) => {
  expect(resetOf(text, NOW)).toBeUndefined();
});

test('whatever the text, a reset lies ahead', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 0, max: 10_000 }), (noise, number) => {
      const at = resetOf(`${noise} try again in ${number}s resets ${number % 30}:${number % 70} ${noise}`, NOW);
      expect(at === undefined || at > NOW).toBe(true);
    }),
  );
});
