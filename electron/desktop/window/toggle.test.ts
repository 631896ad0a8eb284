import { expect, test } from 'vitest';
import { onTrayClick } from './toggle.ts';

test.each([
  ['hidden for long', { visible: false, hiddenAt: 0 }, 'show'],
  ['shown', { visible: true, hiddenAt: 0 }, 'hide'],
  ['hidden by the very click', { visible: false, hiddenAt: 9_900 }, 'nothing'],
  ['hidden, then the clock was set back', { visible: false, hiddenAt: 50_000 }, 'show'],
] as const)('%s', (_, popover, expected) => {
  expect(onTrayClick(popover, 10_000)).toBe(expected);
});
