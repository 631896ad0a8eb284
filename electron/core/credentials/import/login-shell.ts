import { isAbsolute } from 'node:path';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import { startBoundProgram } from '../../node-host/bound-program.ts';
import type { Clock, Random } from '../../ports.ts';
import { type Harvest, type Providers, recognise } from './found.ts';

const LIMIT_MS = 5000;
const MAX_BYTES = 4 * 1024 * 1024;

export interface LoginShell {
  /** Absolute; undefined where the system has none. */
  readonly program: string | undefined;
  /** What the shell itself is started with. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: Pick<Clock, 'after'>;
  readonly random: Pick<Random, 'uuid'>;
}

/**
 * The credentials in the environment that the user's login shell makes.
 * @throws PerchError IMPORT_SHELL_MISSING, IMPORT_SHELL_TIMEOUT, IMPORT_SHELL_FAILED: it could not be checked
 */
export async function fromLoginShell(shell: LoginShell, providers: Providers): Promise<Harvest> {
  const { program } = shell;
  if (program === undefined || !isAbsolute(program)) throw new PerchError('IMPORT_SHELL_MISSING');
  const values = await askShell({ ...shell, program });
  // The rest of an environment is none of Perch's business: it is not even counted.
  return { ...recognise(values, { providers, source: program }), others: 0, problems: [] };
}

/**
 * Asks an interactive login shell, as a terminal starts one, for its environment. What start-up files print is told
 * apart by a random mark. It is ended with all that it started.
 */
function askShell(shell: LoginShell & { readonly program: string }): Promise<Record<string, string>> {
  const { program, environment, clock, random } = shell;
  const mark = `perch-${random.uuid()}`;
  const print = `printf %s ${mark}`;
  const { child, end: endGroup } = startBoundProgram({
    program,
    args: ['-ilc', `${print}; /usr/bin/env -0; ${print}`],
    environment,
    workingDirectory: environment.HOME ?? '/',
  });
  return new Promise((resolve, reject) => {
    const failed = () => end(() => reject(new PerchError('IMPORT_SHELL_FAILED', { shell: program })));
    const timeout = () =>
      end(() => reject(new PerchError('IMPORT_SHELL_TIMEOUT', { shell: program, seconds: LIMIT_MS / 1000 })));
    const stopWaiting = clock.after(LIMIT_MS, timeout);
    let ended = false;
    const end = (tell: () => void) => {
      if (ended) return;
      ended = true;
      stopWaiting();
      endGroup();
      child.stdout.destroy();
      tell();
    };
    const chunks: Buffer[] = [];
    let bytes = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_BYTES) return failed();
      const [, printed, after] = Buffer.concat(chunks).toString('utf8').split(mark);
      if (printed !== undefined && after !== undefined) end(() => resolve(parseEnvironment(printed)));
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
