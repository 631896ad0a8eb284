import { expect, test } from 'vitest';
import { countCrash } from './breaker.ts';

const countAll = (times: readonly number[]) =>
  times.reduce<{ crashes: readonly number[]; open: boolean }>(({ crashes }, at) => countCrash(crashes, at), {
    crashes: [],
    open: false,
  });

test.each([
  ['four crashes at once', [1, 2, 3, 4], false],
  ['five crashes at once', [1, 2, 3, 4, 5], true],
  ['five crashes, the first just within a minute', [1, 100, 200, 300, 60_000], true],
  ['five crashes, the first a minute ago', [0, 100, 200, 300, 60_000], false],
  ['one crash every sixteen seconds, for ever', [0, 16_000, 32_000, 48_000, 64_000, 80_000, 96_000], false],
  ['four crashes, then the clock was set back', [1_000_000, 1_000_001, 1_000_002, 1_000_003, 5], false],
])('%s', (_, times, open) => {
  expect(countAll(times).open).toBe(open);
});
