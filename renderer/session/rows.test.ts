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

test('the refused hosts of a turn are one row, in the place of the first', () => {
  const refused = (seq: number, host: string, key = 'notice.host-refused'): TranscriptItem => ({
    kind: 'notice',
    seq,
    notice: { level: 'warn', key, values: { host, port: 443 } },
  });
  const rows = createRows();
  const first = refused(2, 'one.example.org');
  const before = rows([message('a'), first]);
  expect(rows([message('a'), first])[1]).toBe(before[1]);
  const all = rows([
    message('a'),
    first,
    message('b', 3),
    refused(4, 'two.example.org', 'notice.host-refused-address'),
    { kind: 'notice', seq: 5, notice: { level: 'warn', key: 'notice.host-refusedly', values: {} } },
  ]);
  expect(all.map(({ key }) => key)).toEqual(['1.0', '2', '3.0', '5']);
  expect(all[1]?.refused?.map(({ seq }) => seq)).toEqual([2, 4]);
  expect(all[1] && textOf(all[1])).toContain('two.example.org');
});

test('an entry that did not change keeps its rows', () => {
  const rows = createRows();
  const item = message('one\n\ntwo');
  expect(rows([item])[1]).toBe(rows([item, message('three', 2)])[1]);
});
