import { execFile } from 'node:child_process';

const VERSION = /\d+\.\d+\.\d+(?:[-+][\w.-]+)?/;
/** Programs of several hundred megabytes are slow on a cold disk. */
const LIMIT_MS = 20_000;

/**
 * Asks a program for its version, with next to nothing in its environment. Undefined when it does not say: the
 * version is for show, and a program without one still runs.
 */
export function askVersion(file: string, args: readonly string[], home: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const env = { HOME: home, PATH: '/usr/bin:/bin', NO_COLOR: '1' };
    const options = { env, timeout: LIMIT_MS, killSignal: 'SIGKILL', maxBuffer: 64 * 1024, cwd: home } as const;
    const child = execFile(file, [...args], options, (error, stdout) => {
      resolve(error === null ? VERSION.exec(stdout)?.[0] : undefined);
    });
    child.stdin?.end();
  });
}
