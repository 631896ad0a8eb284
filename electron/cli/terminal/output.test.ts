import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createOutput, oneLine, terminalJson, terminalSafe } from './output.ts';
import { writeTable } from './table.ts';

function open(options: { isTTY?: boolean; environment?: Record<string, string> } = {}) {
  const stream = Object.assign(new PassThrough(), { isTTY: options.isTTY === true });
  const broken: string[] = [];
  const output = createOutput({
    stream,
    environment: options.environment ?? {},
    onBroken: () => broken.push('broken'),
  });
  return { stream, output, broken, text: () => String(stream.read() ?? '') };
}

test('colours on a terminal, and nowhere else', () => {
  expect(open({ isTTY: true }).output.style('red', 'x')).toBe('\u001b[31mx\u001b[39m');
  expect(open().output.style('red', 'x')).toBe('x');
  expect(open({ isTTY: true, environment: { NO_COLOR: '1' } }).output.style('red', 'x')).toBe('x');
  expect(open({ isTTY: true, environment: { NO_COLOR: '' } }).output.style('red', 'x')).not.toBe('x');
  expect(open({ isTTY: true, environment: { TERM: 'dumb' } }).output.style('red', 'x')).toBe('x');
});

test('a reader that left is told of once, and nothing is written any more', async () => {
  const { stream, output, broken } = open();
  stream.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  await new Promise((resolve) => stream.once('close', resolve));
  output.line('into the void');
  await output.flush();
  expect(broken).toEqual(['broken']);
});

test('a table lines up, without blanks at the ends of lines', () => {
  const { output, text } = open();
  writeTable(
    output,
    ['name', 'state'],
    [
      ['demo', 'ready'],
      [{ text: 'claude-code', style: 'red' }, ''],
      ['x', 'y'],
    ],
  );
  expect(text()).toBe('name         state\ndemo         ready\nclaude-code\nx            y\n');
});

test('a cell stays in its row and its column', () => {
  const { output, text } = open();
  writeTable(
    output,
    ['folder', 'state'],
    [
      ['/p/one\ntwo\u001b[2J\u202e', 'a\tb'],
      ['/p', { text: 'x\u009b2J' }],
    ],
  );
  expect(text()).toBe('folder         state\n/p/one two[2J  a b\n/p             x2J\n');
});

test('control characters of others do not reach the terminal', () => {
  expect(terminalSafe('a\u001b[2Jb\u0007\u009bc\r\n\td\u007f')).toBe('a[2Jbc\n\td');
  expect(oneLine('a\n\n  b\u001bc')).toBe('a bc');
  expect(oneLine('abcdef', 4)).toBe('abc…');
});

// U+061C, U+200E, U+200F, U+202A–U+202E, U+2066–U+2069: what is read would not be what is there.
test.each([
  '\u061c',
  '\u200e',
  '\u200f',
  '\u202a',
  '\u202b',
  '\u202c',
  '\u202d',
  '\u202e',
  '\u2066',
  '\u2067',
  '\u2068',
  '\u2069',
])('the direction of text is not turned around: %j', (control) => {
  expect(terminalSafe(`rm ${control}-rf x`)).toBe('rm -rf x');
  expect(oneLine(`rm ${control}-rf x`)).toBe('rm -rf x');
});

test('ordinary text stays as it is, whichever its script', () => {
  // The joiner of an emoji (U+200D) and the one of Persian (U+200C) are neighbours of what is taken out.
  const text = 'Straße « ça » שלום مرحبا می\u200cخواهم 你好 👩\u200d💻 …–•\n\tend';
  expect(terminalSafe(text)).toBe(text);
});

test('JSON holds no character that a terminal would obey, and the same value', () => {
  const value = { title: 'a\u009b2J\u0080\u009fb\u007f\u001b\u202e', name: 'Straße\u00a0你好' };
  const json = terminalJson(value);
  expect(json).toContain('a\\u009b2J\\u0080\\u009fb\\u007f\\u001b\\u202e');
  expect(json).toContain('Straße\u00a0你好');
  expect(JSON.parse(json)).toEqual(value);
});
