import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { RunnerResult } from '../../../shared/runner-protocol/protocol.ts';
import { loadProviders } from '../providers/load.ts';
import { createManualClock } from '../turns/testing/manual-clock.ts';
import { tokenShapes } from './token-shapes.ts';
import { createTurnTerminal, type TurnTerminal } from './turn-terminal.ts';

const providers = loadProviders(resolve(import.meta.dirname, '..', '..', '..', 'resources'));
const SHAPES = tokenShapes([...providers.values()]);
const SECRET = 'correct-horse-battery-staple';
const TOKEN = `sk-ant-oat01-${'aB3_-xYz90QwErTyUiOpAsDfGhJk'.repeat(4).slice(0, 95)}`;

interface Under {
  readonly terminal: TurnTerminal;
  readonly clock: ReturnType<typeof createManualClock>;
  readonly typed: string[];
  /** What is kept, and where more was left out. */
  readonly kept: string[];
  /** Resolves when it was taken in. */
  say(output: string): Promise<void>;
  end(): Promise<void>;
}

function open({ prompt = '' } = {}): Under {
  const typed: string[] = [];
  const kept: string[] = [];
  const clock = createManualClock();
  let answer: PromiseWithResolvers<RunnerResult<'terminal.read'>>;
  let asked = Promise.withResolvers<void>();
  const terminal = createTurnTerminal({
    program: {
      read() {
        answer = Promise.withResolvers();
        asked.resolve();
        return answer.promise;
      },
      write: async (data) => typed.push(data),
      resize: async () => {},
    },
    prompt,
    shapes: SHAPES,
    secrets: [SECRET],
    clock,
    onText: (text) => kept.push(text),
    onCut: () => kept.push('CUT'),
  });
  return {
    terminal,
    clock,
    typed,
    kept,
    async say(output) {
      await asked.promise;
      asked = Promise.withResolvers();
      answer.resolve({ output });
      await asked.promise;
    },
    async end() {
      await asked.promise;
      answer.resolve({ output: '', exit: { exitCode: 0 } });
      await terminal.settled;
    },
  };
}

const numbered = (count: number) => Array.from({ length: count }, (_, at) => `line ${at + 1}\r\n`).join('');

test('what a program writes is kept whole, however it was cut, and read at any time', async () => {
  const { terminal, say, end, kept } = open();
  const output = numbered(1500);
  for (let at = 0; at < output.length; at += 997) await say(output.slice(at, at + 997));
  expect((await terminal.read(0)).painted).toContain('line 1500');
  await end();
  const lines = kept.join('').trimEnd().split('\n');
  expect(lines).toEqual(Array.from({ length: 1500 }, (_, at) => `line ${at + 1}`));
});

test('a line that the terminal wrapped is one line, with its wide characters and without its colours', async () => {
  const { say, end, kept } = open();
  const long = `${'x'.repeat(130)} 漢字 é 👍 end`;
  await say(`\u001b[31m${long}\u001b[0m\r\nnext\r\n`);
  await end();
  expect(kept.join('')).toBe(`${long}\nnext\n`);
});

test.each([
  ['in one piece', SECRET],
  ['wrapped by the terminal', `${'y'.repeat(90)}${SECRET}`],
  ['wrapped by the program, in a frame', `│ ${SECRET.slice(0, 9)} │\r\n│ ${SECRET.slice(9)} │`],
  ['coloured', `\u001b[1m${SECRET.slice(0, 4)}\u001b[0m${SECRET.slice(4)}`],
  ['written backwards', `\u001b[12G${SECRET.slice(11)}\r${SECRET.slice(0, 11)}`],
  ['in Base64', Buffer.from(SECRET).toString('base64')],
])('a secret of the session is neither shown nor kept: %s', async (_name, output) => {
  const { terminal, say, end, kept } = open();
  await say(`before\r\n${output}\r\nafter\r\n`);
  const { painted } = await terminal.read(0);
  await say(numbered(60));
  await end();
  const all = `${painted}\n${kept.join('')}`.replaceAll(/[│\s]/g, '');
  expect(all).not.toContain(SECRET);
  expect(all).not.toContain(SECRET.slice(9));
  expect(all).not.toContain(Buffer.from(SECRET).toString('base64'));
  expect(kept.join('')).toContain('•'.repeat(9));
  expect(kept.join('')).toMatch(/^before\n[\s\S]*\nafter\nline 1\n/);
});

test('without the secret the same place is shown and kept', async () => {
  const { terminal, say, end, kept } = open();
  await say('correct-horse-battery-stapler\r\n'.replace('stapler', 'stable'));
  expect((await terminal.read(0)).painted).toContain('correct-horse-battery-stable');
  await end();
  expect(kept.join('')).toBe('correct-horse-battery-stable\n');
});

test('a key of a provider is withheld as well, also where it leaves the screen line by line', async () => {
  const { terminal, say, end, kept } = open();
  await say(`${TOKEN.slice(0, 50)}\r\n`);
  await say(`${TOKEN.slice(50)}\r\n`);
  const { painted } = await terminal.read(0);
  for (let at = 0; at < 40; at++) await say(`line ${at}\r\n`);
  await end();
  expect(painted).not.toContain(TOKEN.slice(20, 40));
  expect(kept.join('')).not.toContain(TOKEN.slice(20, 40));
  expect(kept.join('')).not.toContain(TOKEN.slice(60, 80));
});

test('of a program that has the screen to itself the last screen is kept', async () => {
  const { say, end, kept } = open();
  await say('$ editor\r\n\u001b[?1049h\u001b[Hfirst screen');
  await say('\u001b[2J\u001b[Hlast screen');
  await end();
  expect(kept.join('')).toContain('last screen');
  expect(kept.join('')).not.toContain('first screen');
});

test('the prompt is typed once the program says something, and sent off', async () => {
  const { say, end, typed, clock } = open({ prompt: 'one\ntwo' });
  expect(typed).toEqual([]);
  await say('> ');
  await say('more');
  clock.advance(5000);
  expect(typed).toEqual(['one\rtwo\r']);
  await end();
});

test('it is pasted where the program wants to know, and typed to a program that says nothing', async () => {
  const wanting = open({ prompt: 'one\ntwo' });
  await wanting.say('\u001b[?2004h> ');
  expect(wanting.typed).toEqual(['\u001b[200~one\ntwo\u001b[201~\r']);
  await wanting.end();
  const silent = open({ prompt: 'hello' });
  silent.clock.advance(5000);
  expect(silent.typed).toEqual(['hello\r']);
  await silent.end();
  const unasked = open();
  unasked.clock.advance(5000);
  await unasked.say('> ');
  expect(unasked.typed).toEqual([]);
  await unasked.end();
});

test('of a flood the beginning is kept, that it was cut, and how it ended', async () => {
  const { say, end, kept } = open();
  const line = `${'z'.repeat(79)}\r\n`;
  for (let at = 0; at < 20; at++) await say(line.repeat(1000));
  await say('the last words\r\n');
  await end();
  const all = kept.join('');
  expect(all.length).toBeLessThan(1.1 * 1024 * 1024);
  expect(kept.filter((text) => text === 'CUT')).toHaveLength(1);
  expect(all.trimEnd().endsWith('the last words')).toBe(true);
});

test('who waits is told of what is new, all of them, and of the end', async () => {
  const { terminal, say, end } = open();
  await say('one');
  const { sequence } = await terminal.read(0);
  const waiting = [terminal.read(sequence), terminal.read(sequence)];
  await say('two');
  for (const { painted } of await Promise.all(waiting)) expect(painted).toContain('onetwo');
  const last = terminal.read((await terminal.read(0)).sequence);
  await end();
  expect((await last).progress).toEqual({ state: 'ended', exitCode: 0 });
});
