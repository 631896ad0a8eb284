import { resolve } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadProviders } from '../providers/load.ts';
import { createCapture } from '../sign-in/capture.ts';
import { piecesOf } from './pieces.ts';
import { createScreen } from './screen.ts';
import { tokenShapes } from './token-shapes.ts';

const providers = loadProviders(resolve(import.meta.dirname, '..', '..', '..', 'resources'));
const anthropic = providers.get('anthropic');
if (anthropic === undefined) throw new Error('no such provider');
const SHAPES = tokenShapes([...providers.values()]);
const TOKEN = `sk-ant-oat01-${'aB3_-xYz90QwErTyUiOpAsDfGhJk'.repeat(4).slice(0, 95)}`;
const LEAD = 'sk-ant-oat01-';
/** Parts of the token that are long enough to be no accident. */
const PARTS = Array.from({ length: TOKEN.length - LEAD.length - 11 }, (_, at) =>
  TOKEN.slice(LEAD.length + at, LEAD.length + at + 12),
);

interface Seen {
  readonly painted: readonly string[];
  readonly captured: readonly string[];
}

/** All that a window would have been sent of the output, and what would have been stored. */
async function show(chunks: readonly string[], size = { columns: 400, rows: 24 }): Promise<Seen> {
  const screen = createScreen({ size, shapes: SHAPES, onReply: () => {} });
  const capture = createCapture(anthropic as NonNullable<typeof anthropic>, 'CLAUDE_CODE_OAUTH_TOKEN');
  const painted: string[] = [];
  const captured: string[] = [];
  const look = (isAtBreak: boolean) => {
    const seen = screen.look();
    painted.push(seen.painted);
    const token = capture.take(seen.tokens, isAtBreak);
    if (token !== undefined) captured.push(token);
  };
  for (const chunk of chunks) {
    const pieces = [...piecesOf(chunk, size.rows / 2)];
    for (const [index, piece] of pieces.entries()) {
      await screen.write(piece);
      look(index < pieces.length - 1);
    }
  }
  look(true);
  screen.dispose();
  return { painted, captured };
}

function leaks({ painted }: Seen): string[] {
  const all = painted.join('\n');
  return PARTS.filter((part) => all.includes(part));
}

const esc = (sequence: string) => `\u001b[${sequence}`;
const COLOURED = [...TOKEN].map((character, at) => `${esc(`3${at % 8}m`)}${character}`).join('') + esc('0m');
const hardWrapped = (text: string, width: number) => text.match(new RegExp(`.{1,${width}}`, 'g'))?.join('\r\n') ?? '';
const BOX = (width: number) =>
  (TOKEN.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).map((line) => `│ ${line.padEnd(width)} │`).join('\r\n');

const WAYS: [string, string, { columns: number; rows: number }?][] = [
  ['plain', `Your token:\r\n${TOKEN}\r\nKeep it safe.\r\n`],
  ['in a sentence', `export CLAUDE_CODE_OAUTH_TOKEN=${TOKEN} now\r\n`],
  ['with a sequence before each character', `${COLOURED}\r\n`],
  ['wrapped by a terminal of 40 columns', `token: ${TOKEN}\r\nKeep it.\r\n`, { columns: 40, rows: 24 }],
  ['wrapped by the program', `${hardWrapped(TOKEN, 60)}\r\nKeep it safe.\r\n`],
  ['wrapped by the program within its lead', `${hardWrapped(`${'x'.repeat(70)} ${TOKEN}`, 75)}\r\n`],
  ['in a frame', `╭──╮\r\n${BOX(50)}\r\n╰──╯\r\n`],
  ['moved to, part by part', `${esc('5;1H')}${TOKEN.slice(0, 50)}${esc('5;51H')}${TOKEN.slice(50)}${esc('9;1H')}`],
  ['printed and cleared at once', `${TOKEN}${esc('2J')}${esc('H')}done\r\n`],
  ['printed, then its line erased and printed over', `${TOKEN}\r${esc('2K')}done\r\n`],
  ['scrolled away at once', `${TOKEN}\r\n${'line\r\n'.repeat(500)}`],
  ['painted again and again', `${TOKEN}\r\n${`${esc('1A')}${esc('2K')}${TOKEN}\r\n`.repeat(5)}`],
  ['on the other screen', `${esc('?1049h')}${esc('H')}${TOKEN}\r\n${esc('?1049l')}`],
  ['in a title and on the screen', `\u001b]0;${TOKEN}\u0007${TOKEN}\r\n`],
  ['as the target of a link', `\u001b]8;;https://x/${TOKEN}\u0007here\u001b]8;;\u0007 ${TOKEN}\r\n`],
  ['at the very end, without a line break', TOKEN],
];

test.each(WAYS.map(([name, output, size]) => ({ name, output, size })))(
  'a token $name is captured whole and never shown',
  async ({ output, size }) => {
    const seen = await show([output], size);
    expect(seen.captured.at(-1)).toBe(TOKEN);
    expect(seen.captured.every((token) => TOKEN.startsWith(token))).toBe(true);
    expect(leaks(seen)).toEqual([]);
  },
);

test('what is no token is shown as it is: the search for leaks finds what is there', async () => {
  const shown = await show([`${PARTS.join(' ')}\r\n`], { columns: 400, rows: 24 });
  expect(leaks(shown).length).toBeGreaterThan(50);
  const plain = await show(['Open this page: https://example.org/a?b=c\r\nThen paste the code > ']);
  expect(plain.painted.at(-1)).toContain('Open this page: https://example.org/a?b=c');
  expect(plain.captured).toEqual([]);
});

test('the start of a withheld token says which kind it is', async () => {
  const { painted } = await show([`${TOKEN}\r\n`]);
  expect(painted.at(-1)).toContain('sk-ant-oat01-••••••••');
});

test('another provider’s key is withheld, but is not this login’s token', async () => {
  const key = `sk-ant-api03-${'K'.repeat(93)}AA`;
  const seen = await show([`${key}\r\n`, `ghp_${'a1B2'.repeat(9)}\r\n`]);
  expect(seen.captured).toEqual([]);
  expect(seen.painted.join('')).not.toContain('KKKK');
  expect(seen.painted.join('')).not.toContain('a1B2a1B2');
});

test('wherever the output is cut, a token is captured whole and no part of it is ever shown', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...WAYS),
      fc.array(fc.nat(), { maxLength: 12 }),
      async ([, output, size], cuts) => {
        const at = [...new Set(cuts.map((cut) => cut % output.length))].sort((a, b) => a - b);
        const chunks = [0, ...at].map((start, index) => output.slice(start, at[index]));
        const seen = await show(chunks, size);
        expect(seen.captured.at(-1)).toBe(TOKEN);
        expect(leaks(seen)).toEqual([]);
      },
    ),
    { numRuns: 80 },
  );
});

test('with sequences and colours strewn in, the same', async () => {
  const noise = fc.constantFrom(esc('0m'), esc('1m'), esc('38;5;9m'), esc('?25l'), esc('?25h'), '\u001b]0;t\u0007');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(TOKEN.length), noise), { maxLength: 40 }), async (strewn) => {
      const output = [...TOKEN]
        .map((character, at) => `${strewn.flatMap(([place, text]) => (place === at ? text : [])).join('')}${character}`)
        .join('');
      const chunks = `Token: ${output}\r\nbye`.match(/.{1,17}/gs) ?? [];
      const seen = await show(chunks);
      expect(seen.captured.at(-1)).toBe(TOKEN);
      expect(leaks(seen)).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

test('addresses are given whole, also those that a program wrapped', async () => {
  const screen = createScreen({ size: { columns: 60, rows: 20 }, shapes: SHAPES, onReply: () => {} });
  const url = `https://example.org/authorize?${'scope=a+b&'.repeat(12)}end=1`;
  await screen.write(
    `Visit ${url}.\r\nor\r\n${hardWrapped(url.replace('scope', 'other'), 60)}\r\n(http://localhost:1455)`,
  );
  expect(screen.look().links).toEqual([url, url.replace('scope', 'other')]);
  screen.dispose();
});

test('what paints the screen shows the same screen, with its colours, cursor and keyboard modes', async () => {
  const size = { columns: 40, rows: 6 };
  const one = createScreen({ size, shapes: SHAPES, onReply: () => {} });
  const other = createScreen({ size, shapes: SHAPES, onReply: () => {} });
  await one.write(
    `${esc('?1h')}${esc('?2004h')}a ${esc('1;31m')}red${esc('0m')}  ${esc('48;2;1;2;3m')}bg${esc('0m')}\r\n漢字 é\r\n\r\n> `,
  );
  await other.write('something that was there before\r\nand more');
  await other.write(one.look().painted);
  expect(other.look().painted).toBe(one.look().painted);
  expect(one.look().painted).toContain('漢字 é');
  expect(one.look().painted).toContain(esc('4;3H'));
  one.dispose();
  other.dispose();
});
