import fc from 'fast-check';
import { expect, test } from 'vitest';
import { beginningOf } from './beginning-of.ts';

const ERRORS: readonly (readonly [source: string, text: string])[] = [
  ['^\\s*API Error: [^\\n]*$', '\nAPI Error: 500 Internal server error.'],
  ['^\\s*\\[API Error: [\\s\\S]*\\]$', '[API Error: {\n  "code": 500\n}]'],
  ['^\\s*We.re currently experiencing high demand\\.\\s*$', 'We’re currently experiencing high demand.'],
  ['^\\s*unexpected status \\d{3}\\b', 'unexpected status 401'],
  ["^\\s*(?:You've hit your|Claude(?: AI)? usage limit reached)[^\\n]*$", 'Claude AI usage limit reached|1767225600'],
  ["^\\s*(?:You've hit your|Claude(?: AI)? usage limit reached)[^\\n]*$", 'Claude usage limit reached'],
  ['^\\s*Missing environment variable: `[^`]*`\\.\\s*$', 'Missing environment variable: `OPENAI_API_KEY`.'],
  ['^(?i:\\p{L}+ failed)$', 'Übung FAILED'],
];

test.each(ERRORS)('each beginning of a match of %s is found: %s', (source, text) => {
  expect(text).toMatch(new RegExp(source, 'u'));
  const beginning = beginningOf(source);
  for (let length = 0; length <= text.length; length++) expect(text.slice(0, length)).toMatch(beginning ?? /never^/);
});

test.each([
  ['^\\s*API Error: [^\\n]*$', 'APIs are'],
  ['^\\s*API Error: [^\\n]*$', 'API Error: 500\nmeans that'],
  ['^\\s*We.re currently experiencing high demand\\.\\s*$', 'We are'],
  ['^\\s*unexpected status \\d{3}\\b', 'unexpected status of'],
  ["^\\s*(?:You've hit your|Claude(?: AI)? usage limit reached)[^\\n]*$", 'Claude is'],
])('no match of %s begins with %s', (source, text) => {
  expect(text).not.toMatch(beginningOf(source) ?? /^/);
});

test.each(['stream disconnected: [^\\n]*$', '^a|b', '^(?=a)a', '^(?<!a)b'])('nothing is told of %s', (source) => {
  expect(beginningOf(source)).toBeUndefined();
});

test('any text is judged, and a whole match is one of its own beginnings', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ERRORS), fc.string({ unit: 'grapheme' }), ([source], noise) => {
      if (new RegExp(source, 'u').test(noise)) expect(noise).toMatch(beginningOf(source) ?? /never^/);
      else expect(typeof beginningOf(source)?.test(noise)).toBe('boolean');
    }),
  );
});
