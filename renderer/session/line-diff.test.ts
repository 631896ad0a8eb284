import { expect, test } from 'vitest';
import { lineDiff } from './line-diff.ts';

const shown = (before: string | null, after: string) =>
  lineDiff(before, after).map(({ kind, text }) => `${kind[0]} ${text}`);

test('a change in the middle keeps three lines around it', () => {
  expect(shown('1\n2\n3\n4\nold\n5\n6\n7\n8\n', '1\n2\n3\n4\nnew\n5\n6\n7\n8\n')).toEqual([
    's ⋯',
    's 2',
    's 3',
    's 4',
    'r old',
    'a new',
    's 5',
    's 6',
    's 7',
    's ⋯',
  ]);
});

test('a new file is all added, an emptied one all removed', () => {
  expect(shown(null, 'a\nb\n')).toEqual(['a a', 'a b']);
  expect(shown('a\nb', '')).toEqual(['r a', 'r b']);
});

test('repeated lines are not counted for both ends', () => {
  expect(shown('a\na', 'a\na\na')).toEqual(['s a', 's a', 'a a']);
});
