import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLineSplitter } from './framing.ts';

function split(pieces: readonly string[], { maxChars = 1000, end = true } = {}) {
  const lines: string[] = [];
  const violations: string[] = [];
  const splitter = createLineSplitter({
    maxChars,
    onLine: (line) => lines.push(line),
    onViolation: (violation) => violations.push(violation),
  });
  for (const piece of pieces) splitter.push(piece);
  if (end) splitter.end();
  return { lines, violations };
}

const AWKWARD = JSON.stringify({ text: 'quote " backslash \\ newline \n tab \t é 😀 \u2028 \u0000 \ud83d' });

describe('line splitter', () => {
  test('a line split at every place arrives whole', () => {
    for (let at = 0; at <= AWKWARD.length; at++) {
      expect(split([AWKWARD.slice(0, at), `${AWKWARD.slice(at)}\n`])).toEqual({ lines: [AWKWARD], violations: [] });
    }
  });

  test('a line that arrives unit by unit arrives whole, inside escapes and surrogate pairs too', () => {
    const { lines } = split([...Array(AWKWARD.length).keys()].map((at) => AWKWARD.charAt(at)).concat('\n'));
    expect(lines).toEqual([AWKWARD]);
    expect(JSON.parse(lines[0] ?? '')).toEqual(JSON.parse(AWKWARD));
  });

  test('joined lines come apart', () => {
    expect(split(['{"a":1}\n{"b":2}\n{"c":3}\n']).lines).toEqual(['{"a":1}', '{"b":2}', '{"c":3}']);
  });

  test('CRLF ends a line, also when the two arrive apart; a lone CR does not', () => {
    expect(split(['one\r\ntwo\r', '\nth\rree\n']).lines).toEqual(['one', 'two', 'th\rree']);
  });

  test('empty lines are no lines', () => {
    expect(split(['\n\n\r\none\n\n', '\n', '\r', '\n'])).toEqual({ lines: ['one'], violations: [] });
  });

  test('other separators of Unicode and C0 do not end a line', () => {
    const text = 'a\u2028b\u2029c\u0085d\u000be\u000cf';
    expect(split([`${text}\n`]).lines).toEqual([text]);
  });

  test('a line as long as allowed passes, one more character is a violation', () => {
    const longest = 'x'.repeat(10);
    expect(split([`${longest}\n`], { maxChars: 10 })).toEqual({ lines: [longest], violations: [] });
    expect(split([`${longest}x\n`], { maxChars: 10 })).toEqual({
      lines: [],
      violations: ['a line is longer than 10 characters'],
    });
  });

  test('a line without end is a violation as soon as it is too long, told once, and nothing is read after it', () => {
    const lines: string[] = [];
    let violations = 0;
    const splitter = createLineSplitter({
      maxChars: 1024,
      onLine: (line) => lines.push(line),
      onViolation: () => violations++,
    });
    splitter.push('{"before":1}\n');
    for (let piece = 0; piece < 2; piece++) splitter.push('x'.repeat(600));
    expect(violations).toBe(1);
    for (let piece = 0; piece < 1000; piece++) splitter.push('x'.repeat(600));
    splitter.push('\n{"after":1}\n');
    splitter.end();
    expect({ lines, violations }).toEqual({ lines: ['{"before":1}'], violations: 1 });
  });

  test('lines before a violation in the same piece are delivered, those behind it are not', () => {
    expect(split([`one\n${'x'.repeat(11)}\ntwo\n`], { maxChars: 10 }).lines).toEqual(['one']);
  });

  test('a partial line at the end is told, never delivered', () => {
    expect(split(['{"a":1}\n{"b"'])).toEqual({
      lines: ['{"a":1}'],
      violations: ['the stream ended inside a line, after 4 characters'],
    });
    expect(split(['{"a":1}\n'])).toEqual({ lines: ['{"a":1}'], violations: [] });
    expect(split([])).toEqual({ lines: [], violations: [] });
  });

  test('pushing after the end does nothing', () => {
    const lines: string[] = [];
    const splitter = createLineSplitter({ maxChars: 10, onLine: (line) => lines.push(line), onViolation: () => {} });
    splitter.end();
    splitter.push('late\n');
    expect(lines).toEqual([]);
  });

  test('any lines, cut anywhere, come out as they went in', () => {
    const line = fc.string({ unit: 'binary', minLength: 1 }).map((text) => JSON.stringify(text));
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat()), fc.constantFrom('\n', '\r\n'), (expected, cuts, ending) => {
        const whole = expected.map((text) => text + ending).join('');
        const places = [...new Set(cuts.map((cut) => cut % (whole.length + 1)))].sort((a, b) => a - b);
        const pieces = [0, ...places].map((from, at) => whole.slice(from, places[at]));
        const { lines, violations } = split(pieces, { maxChars: 100_000 });
        expect(lines).toEqual(expected);
        expect(violations).toEqual([]);
      }),
    );
  });

  test('any text whatever: no line is over the limit, none has a newline, at most one violation', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', '\n', '\r', '😀') })), (pieces) => {
        const { lines, violations } = split(pieces, { maxChars: 8 });
        for (const line of lines) {
          expect(line.length).toBeLessThanOrEqual(8);
          expect(line).not.toContain('\n');
        }
        expect(violations.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
