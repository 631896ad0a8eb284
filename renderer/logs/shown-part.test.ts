import { expect, test } from 'vitest';
import { logLines } from '../dev/fixtures.ts';
import { MAX_LINES } from './merge.ts';
import { AROUND, endsOf, PAGE, withEarlier, withLater } from './shown-part.ts';

const place = (index: number) => ({ log: 'runner' as const, segment: 1, offset: index * 100 });
const [line] = logLines();
if (line === undefined) throw new Error('no line');
/** Lines `from` to `to`, without the last. */
const part = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => ({ ...line, position: place(from + index) }));
const answer = (lines: ReturnType<typeof part>, positionGone = false) => ({ lines, next: place(9999), positionGone });

test('a full page at the end of a log may have older lines before it; a smaller one is the whole log', () => {
  expect(endsOf(answer(part(0, PAGE)), undefined)).toEqual({ atStart: false, atEnd: true });
  expect(endsOf(answer(part(0, PAGE - 1)), undefined)).toEqual({ atStart: true, atEnd: true });
});

test.each([
  [AROUND, AROUND, { atStart: false, atEnd: false }],
  [AROUND - 1, AROUND, { atStart: true, atEnd: false }],
  [AROUND, AROUND - 1, { atStart: false, atEnd: true }],
])('%i lines before and %i after a place', (before, after, ends) => {
  expect(endsOf(answer(part(1000 - before, 1000 + after)), place(1000))).toEqual(ends);
});

test('a place that retention deleted is at the start of the log', () => {
  expect(endsOf(answer(part(1000, 1000 + AROUND), true), place(500))).toEqual({ atStart: true, atEnd: false });
});

test('newer lines push the oldest out, and then the start is no longer shown', () => {
  const few = withLater(part(0, 10), part(10, 20));
  expect(few).toEqual({ lines: part(0, 20), atEnd: true });
  const many = withLater(part(0, MAX_LINES), part(MAX_LINES, MAX_LINES + PAGE));
  expect(many).toEqual({ lines: part(PAGE, MAX_LINES + PAGE), atEnd: false, atStart: false });
});

test('older lines push the newest out, which are then to be read again', () => {
  expect(withEarlier(part(10, 20), part(0, 10))).toEqual({ lines: part(0, 20), atStart: true, cut: false });
  const many = withEarlier(part(PAGE, MAX_LINES + PAGE), part(0, PAGE));
  expect(many).toEqual({ lines: part(0, MAX_LINES), atStart: false, cut: true });
});
