import { expect, test } from 'vitest';
import { leftOutOf } from './environment-plan.ts';

test('what is denied is not told as taken away besides, and each name and reason once', () => {
  expect(
    leftOutOf({
      unset: [
        { name: 'KEY', reason: 'unset-managed' },
        { name: 'OLD', reason: 'unset-variable' },
      ],
      denied: [
        { name: 'KEY', source: 'host', reason: 'denied-managed' },
        { name: 'KEY', source: 'credential', reason: 'denied-managed' },
        { name: 'HIDDEN', source: 'variable', reason: 'denied-hidden-global' },
      ],
    }),
  ).toEqual([
    { what: 'unset', name: 'OLD', reason: 'unset-variable' },
    { what: 'denied', name: 'KEY', reason: 'denied-managed' },
    { what: 'denied', name: 'HIDDEN', reason: 'denied-hidden-global' },
  ]);
});
