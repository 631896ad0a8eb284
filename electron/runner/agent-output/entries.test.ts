import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { FailureSigns } from '../../../shared/runner-protocol/protocol.ts';
import { compileSigns } from '../adapters/acp/signs.ts';
import { repository } from '../testing/session-params.ts';
import { createEntries, type Entry } from './entries.ts';

/** Lines come in chunks. */
function read(chunks: readonly (readonly string[])[], isNoise: (line: string) => boolean = () => false): Entry[] {
  const found: Entry[] = [];
  const entries = createEntries({ isNoise, onEntry: (entry) => found.push(entry) });
  for (const chunk of chunks) {
    for (const line of chunk) entries.line(line);
    entries.settle();
  }
  return found;
}

it('keeps a stack with its head', () => {
  const stack = ['TypeError: no', '    at a (x.mjs:1:1)', "  code: 'E',", '}', 'Node.js v24.21.0'];
  expect(read([['hello', ...stack, 'bye']])).toEqual([
    { level: 'info', message: 'hello' },
    { level: 'error', message: stack.join('\n') },
    { level: 'info', message: 'bye' },
  ]);
});

it('gives the rest of a stack that came later the level of its head', () => {
  expect(read([['Error: no'], ['    at a', '    at b'], ['next']])).toEqual([
    { level: 'error', message: 'Error: no' },
    { level: 'error', message: '    at a\n    at b' },
    { level: 'info', message: 'next' },
  ]);
});

it('tells the cause of a Python program by its last line', () => {
  const told = read([['Traceback (most recent call last):', '  File "a.py", line 1', 'ValueError: no key']]);
  expect(told.map(({ level, message }) => [level, message.split('\n')[0]])).toEqual([
    ['error', 'Traceback (most recent call last):'],
    ['error', 'ValueError: no key'],
  ]);
});

it('cuts what never ends', () => {
  const told = read([['Error: no', ...Array.from({ length: 10_000 }, () => '    at a (x.mjs:1:1)')]]);
  expect(told.length).toBeGreaterThan(10);
  expect(new Set(told.map(({ level }) => level))).toEqual(new Set(['error']));
  for (const { message } of told) expect(message.length).toBeLessThan(8_200);
});

it.each([
  ['claude-code', '[session/create] sessionId=bb87 phase=settings durationMs=20 totalMs=27'],
  ['claude-code', '[session/query] sessionId=bb87 resume=none apiType=native baseUrl=native'],
  ['claude-code', '[idle-compaction] skip: no request recorded in this process'],
  [
    'opencode',
    'timestamp=2026-11-30T19:54:51.140Z level=WARN run=d7 message="background dependency install failed" dir=/x',
  ],
])('what %s chatters is noise: %s', (agent, line) => {
  const file = join(repository, 'resources/agents', `${agent}.json`);
  const { failureSigns } = JSON.parse(readFileSync(file, 'utf8')) as { failureSigns: FailureSigns };
  const { isNoise } = compileSigns(failureSigns);
  expect(read([[line, 'Error: no']], isNoise).map(({ level }) => level)).toEqual(['debug', 'error']);
});

it('every agent that comes with Perch has noise that compiles', () => {
  for (const name of readdirSync(join(repository, 'resources/agents'))) {
    const { failureSigns } = JSON.parse(readFileSync(join(repository, 'resources/agents', name), 'utf8'));
    expect(compileSigns(failureSigns).isNoise('Error: no credential')).toBe(false);
  }
});
