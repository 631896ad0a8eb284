import { startBoundProgram } from '../../node/bound-program.ts';

const VERSION = /\d+\.\d+\.\d+(?:[-+][\w.-]+)?/;
/** Programs of several hundred megabytes are slow on a cold disk. */
const LIMIT_MS = 20_000;
const MAX_CHARACTERS = 64 * 1024;

/**
 * Asks a program for its version, with next to nothing in its environment. Undefined when it does not say: the
 * version is for show, and a program without one still runs.
 */
export function askVersion(file: string, args: readonly string[], home: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const environment = { HOME: home, PATH: '/usr/bin:/bin', NO_COLOR: '1' };
    const spec = { program: file, args, environment, workingDirectory: home, limitMs: LIMIT_MS };
    const { child, end } = startBoundProgram(spec);
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (printed.length > MAX_CHARACTERS) end();
    });
    child.once('error', () => resolve(undefined));
    child.once('close', (exitCode) => resolve(exitCode === 0 ? VERSION.exec(printed)?.[0] : undefined));
  });
}
