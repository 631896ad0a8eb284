import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createOutput, oneLine, terminalSafe } from './output.ts';
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

test('control characters of others do not reach the terminal', () => {
  expect(terminalSafe('a\u001b[2Jb\u0007\u009bc\r\n\td\u007f')).toBe('a[2Jbc\n\td');
  expect(oneLine('a\n\n  b\u001bc')).toBe('a bc');
  expect(oneLine('abcdef', 4)).toBe('abc…');
});
