import { describe, expect, it } from 'vitest';
import { systemClock } from '../../node/clock.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { type ProgramSpec, startProgram } from './program.ts';
import { stopTree } from './stop.ts';
import { createTextLines } from './text-lines.ts';

const program = (script: string, more: Partial<ProgramSpec> = {}) => {
  const spec = { command: '/bin/sh', args: ['-c', script], environment: {}, workingDirectory: '/', ...more };
  return startProgram(spec, systemClock);
};

async function outputOf(started: ReturnType<typeof program>): Promise<string> {
  let output = '';
  started.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await started.exited;
  return output;
}

describe('a program', () => {
  it('gets exactly its environment', async () => {
    process.env.PERCH_TEST_LEAK = 'leak';
    const spec = { command: '/usr/bin/env', args: [], environment: { A: '1' } };
    expect(await outputOf(program('', spec))).toBe('A=1\n');
    delete process.env.PERCH_TEST_LEAK;
  });

  it('reads its inputs from descriptors and writes its status to the next', async () => {
    let status = '';
    const push = (text: string): void => {
      status += text;
    };
    const started = program('cat <&3; cat <&4; echo done >&5', { inputs: ['one ', 'two'], outputs: [{ push }] });
    expect(await outputOf(started)).toBe('one two');
    expect(status).toBe('done\n');
  });

  it('tells its end once: code, signal, or that it never started', async () => {
    expect(await program('exit 7').exited).toEqual({ exitCode: 7, signal: null });
    expect(await program('kill -9 $$').exited).toEqual({ exitCode: null, signal: 'SIGKILL' });
    const missing = program('', { command: '/no/such/program' });
    expect(await missing.exited).toMatchObject({ exitCode: null, startError: expect.stringContaining('ENOENT') });
    expect(await program('', { workingDirectory: '/no/such/folder' }).exited).toHaveProperty('startError');
  });

  it('ends although a child holds its output open', async () => {
    const started = program('sleep 30 & exit 0');
    expect(await started.exited).toEqual({ exitCode: 0, signal: null });
    if (started.pid !== undefined) process.kill(-started.pid, 'SIGKILL');
  });

  it.each([
    ['echo up; exec cat', 0, 'ended'],
    ['trap "" HUP; echo up; exec sleep 30', 1, 'terminated'],
    ['trap "" TERM; echo up; while :; do read x || sleep 0.1; done', 2, 'killed'],
  ])('is stopped politely, then firmly: %s', async (script, halves, fact) => {
    const clock = createManualClock();
    const started = program(script, { environment: { PATH: '/usr/bin:/bin' } });
    await new Promise((resolve) => started.stdout.once('data', resolve));
    const stopped = stopTree({ program: started }, clock, 300);
    for (let half = 0; half < halves; half++) clock.advance(150);
    expect(await stopped).toBe(fact);
    expect(started.hasExited()).toBe(true);
  });
});

describe('lines of text', () => {
  const collect = (maxLineChars: number, maxTotalChars: number) => {
    const lines: string[] = [];
    return { lines, text: createTextLines({ maxLineChars, maxTotalChars, onLine: (line) => lines.push(line) }) };
  };

  it('come whole, wherever the pieces were cut, and the last one at the end', () => {
    const { lines, text } = collect(100, 1000);
    for (const piece of ['a', 'b\r', '\nc\n\n', 'd']) text.push(piece);
    expect(lines).toEqual(['ab', 'c']);
    text.end();
    expect(lines).toEqual(['ab', 'c', 'd']);
  });

  it('are cut when too long, and stop when too many', () => {
    const { lines, text } = collect(4, 20);
    text.push('1234567');
    text.push('89\nok\n');
    text.push('x'.repeat(20));
    text.push('never\n');
    text.end();
    expect(lines).toEqual(['1234 … (line cut)', 'ok', 'more than 20 characters: the rest is not kept']);
  });
});
