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

test('a half-written set is no value', () => {
  expect(joinParts(['a', 'b'])).toBe('ab');
  expect(joinParts(['a', null])).toBeUndefined();
  expect(joinParts([])).toBeUndefined();
});
