import { PerchError } from '../../../../shared/errors/perch-error.ts';
import { runBoundProgram } from '../../../node/run-bound-program.ts';
import { findProgram } from '../../machine/login-shell/find-program.ts';

/** Milliseconds; unlocking a vault with a finger or a passphrase takes a moment. */
const LIMIT_MS = 60_000;
const MAX_BYTES = 64 * 1024;

/**
 * Runs a program of the user's and answers its output. The program is looked for on PATH, never below the folder whose
 * file asks for it, and gets exactly this environment. Its errors are dropped, because they may repeat the question.
 * @throws PerchError REFERENCE_PROGRAM_MISSING, REFERENCE_TIMEOUT, REFERENCE_FAILED
 */
export async function runReader(
  command: { readonly program: string; readonly args: readonly string[] },
  context: { path: string; environment: Readonly<Record<string, string>>; projectDir: string; reference: string },
): Promise<string> {
  const { path, environment, reference } = context;
  const { program: name, args } = command;
  const program = await findProgram(name, context);
  if (program === undefined) throw new PerchError('REFERENCE_PROGRAM_MISSING', { program: name, reference });
  const workingDirectory = environment.HOME ?? '/';
  const spec = { program, args, environment: { ...environment, PATH: path }, workingDirectory, limitMs: LIMIT_MS };
  const { exitCode, signal, output, tooMuch } = await runBoundProgram(spec, MAX_BYTES);
  if (exitCode === 0 && !tooMuch) return output.toString('utf8');
  const values = { program: name, reference };
  if (signal === 'SIGKILL' && !tooMuch)
    throw new PerchError('REFERENCE_TIMEOUT', { ...values, seconds: LIMIT_MS / 1000 });
  throw new PerchError('REFERENCE_FAILED', { ...values, exitCode: exitCode ?? '—' });
}
