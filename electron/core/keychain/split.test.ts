import fc from 'fast-check';
import { expect, test } from 'vitest';
import { itemAccounts, joinParts, splitValue } from './split.ts';

test('split and joined again, nothing over the limit, no pair of surrogates cut', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.integer({ min: 2, max: 9 }), (value, limit) => {
      const parts = splitValue(value, limit);
      expect(parts.join('')).toBe(value);
      for (const part of parts) {
        expect(part.length).toBeLessThanOrEqual(limit);
        expect(part.isWellFormed() || !value.isWellFormed()).toBe(true);
      }
    }),
  );
});

test("a value at Windows' limit is one item, one unit more is two", () => {
  expect(splitValue('x'.repeat(1280))).toHaveLength(1);
  expect(splitValue('x'.repeat(1281))).toHaveLength(2);
  expect(itemAccounts('id', 2)).toEqual(['id.1', 'id.2']);
});

test.each([
  ['abcd', 2, ['ab', 'cd']],
  ['abcde', 2, ['ab', 'cd', 'e']],
  ['a\u{10000}', 2, ['a', '\u{10000}']],
  ['a\u{10ffff}', 2, ['a', '\u{10ffff}']],
  ['a\ue000b', 2, ['a\ue000', 'b']],
  ['a\ud7ffb', 2, ['a\ud7ff', 'b']],
  ['\u{10000}b', 2, ['\u{10000}', 'b']],
  ['half a pair \ud800', 20, ['half a pair \ud800']],
  ['', 2, []],
])('%j in pieces of %d', (value, limit, parts) => {
  expect(splitValue(value, limit)).toEqual(parts);
});

test('a half-written set is no value', () => {
  expect(joinParts(['a', 'b'])).toBe('ab');
  expect(joinParts(['a', null])).toBeUndefined();
  expect(joinParts([])).toBeUndefined();
});
