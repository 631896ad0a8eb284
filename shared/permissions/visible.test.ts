import fc from 'fast-check';
import { expect, test } from 'vitest';
import { visiblePieces, visibleText } from './visible.ts';

test.each([
  ['a mark that turns the direction', 'ls \u202e fr- mr', 'ls \\u202e fr- mr'],
  ['no width at all', 'rm\u200b -rf\u2060 x\ufeff', 'rm\\u200b -rf\\u2060 x\\ufeff'],
  ['spaces that are no space', 'a\u00a0b\u3000c\u2800d', 'a\\u00a0b\\u3000c\\u2800d'],
  ['tags', 'a\u{e0072}\u{e006d}', 'a\\u{e0072}\\u{e006d}'],
  ['escape sequences', '\u001b[31mred\u0007', '\\u001b[31mred\\u0007'],
  ['line ends of another kind', 'a\r\nb\u2028c\u0085', 'a\\r\nb\\u2028c\\u0085'],
  ['half of a pair', '\ud83dx', '\\ud83dx'],
  ['marks piled up', `e${'\u0301'.repeat(6)}`, `e${'\u0301'.repeat(4)}\\u0301\\u0301`],
  ['a private letter', '\ue000', '\\ue000'],
])('shows %s as its code', (_, text, shown) => {
  expect(visibleText(text)).toBe(shown);
});

test.each(['a\tb\nc', 'é ü 漢字 مرحبا שלום', '👩\u200d💻 ⚠\ufe0f 👍🏽', 'e\u0301', '\\u202e'])('leaves %j', (text) => {
  expect(visiblePieces(text)).toEqual([{ text, escaped: false }]);
});

test('a joiner that joins no pictures is shown', () => {
  expect(visibleText('r\u200dm 💻\u200d x')).toBe('r\\u200dm 💻\\u200d x');
});

test('codes are told from the same letters, whatever the text', () => {
  const text = fc.string({ unit: 'binary', maxLength: 60 });
  fc.assert(
    fc.property(text, (given) => {
      const pieces = visiblePieces(given);
      // Every code unit is there, as itself or as its code: what is read back is what was given.
      const back = pieces.map(({ text: shown, escaped }) => (escaped ? fromCodes(shown) : shown)).join('');
      expect(back).toBe(given);
      expect(pieces.some(({ text: shown }) => shown === '')).toBe(false);
    }),
  );
});

function fromCodes(codes: string): string {
  return codes.replace(/\\r|\\u(?:\{([0-9a-f]+)\}|([0-9a-f]{4}))/g, (code, long?: string, short?: string) =>
    code === '\\r' ? '\r' : String.fromCodePoint(Number.parseInt(long ?? short ?? '', 16)),
  );
}
