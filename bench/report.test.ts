import { expect, test } from 'vitest';
import { judge, median, percentile } from './report.ts';

const limits = { ratio: 1.05, milliseconds: 30 };

test('the median of an even and an odd number of rounds', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test('pairs are compared with each other, so a slow round does not count for one side alone', () => {
  const verdict = judge({ bare: [100, 1000, 100], through: [110, 1100, 110], limits });
  expect(verdict.ratio).toBeCloseTo(1.1);
  expect(verdict.difference).toBeCloseTo(10);
});

test('either limit is enough, and breaking both is said', () => {
  expect(judge({ bare: [100], through: [125], limits }).holds).toBe(true);
  expect(judge({ bare: [1000], through: [1040], limits }).holds).toBe(true);
  expect(judge({ bare: [100], through: [140], limits }).holds).toBe(false);
});

test('a percentile is one of the values', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(percentile(hundred, 0.95)).toBe(95);
  expect(percentile([7], 0.95)).toBe(7);
});
