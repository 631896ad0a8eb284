import type { Clock } from '../../node/clock.ts';
import { type ProgramSpec, startProgram } from './program.ts';
import { killTree } from './stop.ts';
import { createTextLines } from './text-lines.ts';

const LIMIT_MS = 5_000;

/** A short program to its end: the beginning of what it printed, and why it failed if it did. */
export async function runOnce(
  spec: ProgramSpec,
  clock: Clock,
): Promise<{ readonly output: string; readonly failure: string | undefined }> {
  const program = startProgram(spec, clock);
  let output = '';
  let lastErrorLine: string | undefined;
  const errors = createTextLines({
    maxLineChars: 500,
    maxTotalChars: 10_000,
    onLine: (line) => (lastErrorLine = line),
  });
  program.stdout.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(0, 1000);
  });
  program.stderr.setEncoding('utf8').on('data', errors.push);
  const takeBack = clock.after(LIMIT_MS, () => void killTree({ program }, clock));
  const exit = await program.exited;
  takeBack();
  errors.end();
  if (exit.exitCode === 0) return { output, failure: undefined };
  return { output, failure: exit.startError ?? lastErrorLine ?? `ended with ${exit.signal ?? exit.exitCode}` };
}
