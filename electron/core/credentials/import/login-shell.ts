import { assertNever } from '../../../../shared/assert-never.ts';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import { askLoginShell, type LoginShell } from '../../machine/login-shell/ask.ts';
import { type Harvest, type Providers, recognise } from './found.ts';

/** Milliseconds; the user waits for the answer. */
const LIMIT_MS = 5000;

/**
 * The credentials in the environment that the user's login shell makes.
 * @throws PerchError IMPORT_SHELL_MISSING, IMPORT_SHELL_TIMEOUT, IMPORT_SHELL_FAILED: it could not be checked
 */
export async function fromLoginShell(shell: LoginShell, providers: Providers): Promise<Harvest> {
  const answer = await askLoginShell(shell, LIMIT_MS);
  switch (answer.kind) {
    case 'environment':
      // The rest of an environment is none of Perch's business: it is not even counted.
      return { ...recognise(answer.values, { providers, source: answer.shell }), others: 0, problems: [] };
    case 'no-shell':
      throw new PerchError('IMPORT_SHELL_MISSING');
    case 'timeout':
      throw new PerchError('IMPORT_SHELL_TIMEOUT', { shell: answer.shell, seconds: LIMIT_MS / 1000 });
    case 'failed':
      throw new PerchError('IMPORT_SHELL_FAILED', { shell: answer.shell });
    default:
      return assertNever(answer);
  }
}
