import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { User } from './world.ts';

interface Finished {
  readonly status: number | null;
  readonly errors: string;
}

/** Starts a program as a user, with exactly this environment. */
export function startAs(
  user: User,
  command: readonly string[],
  options: { cwd: string; env: Readonly<Record<string, string>> },
): ChildProcess {
  const [program = '', ...args] = [...user.prefix, ...command];
  const child = spawn(program, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin?.on('error', () => undefined);
  return child;
}

/** A batch of attempts takes a few seconds. One that made Perch itself wait for ever has to be told of. */
const LIMIT_MS = 120_000;

/** To its end, with one line of input. */
export async function runAs(...request: Parameters<typeof startAs>): Promise<Finished> {
  const child = startAs(...request);
  let errors = '';
  const limit = setTimeout(() => {
    errors += ' It did not end.';
    child.kill('SIGKILL');
  }, LIMIT_MS);
  child.stdout?.resume();
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-4000);
  });
  child.stdin?.end('go\n');
  const [status] = (await once(child, 'close')) as [number | null];
  clearTimeout(limit);
  return { status, errors };
}
