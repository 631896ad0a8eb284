import { expect, expectTypeOf, test } from 'vitest';
import { defined } from './defined.ts';

test('an entry without a value is left out, every other value stays', () => {
  const absent: string | undefined = undefined;
  const entries = defined({ absent, empty: '', none: null, off: false, zero: 0 });
  expect(Object.keys(entries)).toEqual(['empty', 'none', 'off', 'zero']);
  expect(entries).toEqual({ empty: '', none: null, off: false, zero: 0 });
});

test('what may be undefined may be absent, and what is there stays required', () => {
  const maybe = 'a' as string | undefined;
  expectTypeOf(defined({ maybe, sure: 1 })).toExtend<{ readonly maybe?: string; readonly sure: number }>();
});
