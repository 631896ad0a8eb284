import { expect, test } from 'vitest';
import type { TranscriptItem } from '../../shared/transcript/fold.ts';
import { createRows, textOf } from './rows.ts';

const message = (text: string, seq = 1): TranscriptItem => ({ kind: 'message', seq, text });

test('a message is cut into its blocks, anything else is one row', () => {
  const rows = createRows()([message('one\n\ntwo\n\n```\na\n\nb\n```'), { kind: 'thought', seq: 9, text: 'hm\n\nhm' }]);
  expect(rows.map(textOf)).toEqual(['one', 'two', '```\na\n\nb\n```', 'hm\n\nhm']);
  expect(rows.map(({ key }) => key)).toEqual(['1.0', '1.1', '1.2', '9']);
});

test('an endless paragraph is laid out in pieces that add up to it, without a torn word', () => {
  const text = 'wordy '.repeat(10_000).trim();
  const pieces = createRows()([message(text)]).map(textOf);
  expect(pieces.length).toBeGreaterThan(5);
  expect(pieces.join('')).toBe(text);
  for (const piece of pieces.slice(0, -1)) expect(piece).toMatch(/ $/);
  const unbroken = 'x'.repeat(20_001);
  expect(
    createRows()([message(unbroken)])
      .map(textOf)
      .join(''),
  ).toBe(unbroken);
});

test('an entry that did not change keeps its rows', () => {
  const rows = createRows();
  const item = message('one\n\ntwo');
  expect(rows([item])[1]).toBe(rows([item, message('three', 2)])[1]);
});
