import { join } from 'node:path';
import { expect, test } from 'vitest';
import { matrixLines, matrixOf, PAIR, pairsIn } from './lib/matrix.mjs';

const pairs = [
  { providerId: 'a', agentId: 'one' },
  { providerId: 'a', agentId: 'two' },
  { providerId: 'b', agentId: 'one' },
  { providerId: 'b', agentId: 'two' },
  { providerId: 'c', agentId: undefined },
];
const ofPair = (description: string, status: string, ...others: object[]) => ({
  tests: [{ status, annotations: [{ type: PAIR, description }, ...others] }],
});
const report = {
  suites: [
    {
      specs: [ofPair('a one', 'expected'), ofPair('a one', 'skipped', { type: 'skip', description: 'unused' })],
      suites: [
        {
          specs: [
            ofPair('a two', 'expected'),
            ofPair('a two', 'unexpected'),
            ofPair('b one', 'skipped', { type: 'skip', description: 'not installed' }),
          ],
        },
      ],
    },
  ],
};

test('a pair is what its tests were, and nothing is claimed that did not run', () => {
  expect(matrixOf(pairs, report)).toEqual([
    { providerId: 'a', agentId: 'one', result: 'passed' },
    { providerId: 'a', agentId: 'two', result: 'failed' },
    { providerId: 'b', agentId: 'one', result: 'not run', reason: 'not installed' },
    { providerId: 'b', agentId: 'two', result: 'not run', reason: 'no test ran it' },
    { providerId: 'c', result: 'not run', reason: 'no agent that Perch knows can use it' },
  ]);
  expect(matrixLines(matrixOf(pairs, report))[2]).toBe('b  one  not run: not installed');
});

test('without a report nothing ran', () => {
  const rows = matrixOf(pairsIn(join(import.meta.dirname, '..', 'resources')), undefined);
  expect(rows.length).toBeGreaterThan(24);
  expect(new Set(rows.map(({ result }) => result))).toEqual(new Set(['not run']));
  expect(rows).toContainEqual(expect.objectContaining({ providerId: 'openrouter', agentId: 'goose' }));
});
