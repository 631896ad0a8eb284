import { isAbsolute } from 'node:path';
import { startBoundProgram } from '../../../node/bound-program.ts';
import type { Clock } from '../../../node/clock.ts';
import type { Random } from '../../ports.ts';

const MAX_BYTES = 4 * 1024 * 1024;

export interface LoginShell {
  /** Absolute; undefined where the system has none. */
  readonly program: string | undefined;
  /** The environment that the shell itself starts with. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: Pick<Clock, 'after'>;
  readonly random: Pick<Random, 'uuid'>;
}

type ShellAnswer =
  | { readonly kind: 'environment'; readonly shell: string; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: 'no-shell' }
  | { readonly kind: 'timeout' | 'failed'; readonly shell: string };

/**
 * Asks an interactive login shell, as a terminal starts one, for its environment. What start-up files print is told
 * apart by a random mark. It is ended with all that it started. `limitMs`: how long its start-up files may take.
 */
export function askLoginShell(shell: LoginShell, limitMs: number): Promise<ShellAnswer> {
  const { program, environment, clock, random } = shell;
  if (program === undefined || !isAbsolute(program)) return Promise.resolve({ kind: 'no-shell' });
  const mark = `perch-${random.uuid()}`;
  const print = `printf %s ${mark}`;
  const { child, end: endGroup } = startBoundProgram({
    program,
    args: ['-ilc', `${print}; /usr/bin/env -0; ${print}`],
    environment,
    workingDirectory: environment.HOME ?? '/',
  });
  return new Promise((resolve) => {
    const stopWaiting = clock.after(limitMs, () => end({ kind: 'timeout', shell: program }));
    const failed = () => end({ kind: 'failed', shell: program });
    const end = (answer: ShellAnswer) => {
      stopWaiting();
      endGroup();
      child.stdout.destroy();
      resolve(answer);
    };
    const chunks: Buffer[] = [];
    let bytes = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_BYTES) return failed();
      const [, printed, after] = Buffer.concat(chunks).toString('utf8').split(mark);
      if (printed !== undefined && after !== undefined) {
        end({ kind: 'environment', shell: program, values: parseEnvironment(printed) });
      }
    });
    child.once('error', failed);
    child.stdout.once('end', failed);
  });
}

function parseEnvironment(printed: string): Record<string, string> {
  const entries = printed.split('\0').flatMap((line): [string, string][] => {
    const at = line.indexOf('=');
    return at > 0 ? [[line.slice(0, at), line.slice(at + 1)]] : [];
  });
  return Object.fromEntries(entries);
}
