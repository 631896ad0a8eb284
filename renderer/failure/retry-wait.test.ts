import { expect, test } from 'vitest';
import { retryWait } from './retry-wait.ts';

test.each([
  [undefined, { kind: 'none' }],
  [1000, { kind: 'none' }],
  [1001, { kind: 'soon', ms: 1000 }],
  [29_000, { kind: 'soon', ms: 28_000 }],
  [4_000_000, { kind: 'later', at: 4_000_000 }],
] as const)('%s', (resetAt, wait) => {
  expect(retryWait(resetAt, 1000)).toEqual(wait);
});
