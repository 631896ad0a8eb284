import { homedir, userInfo } from 'node:os';
import { runnerEnvironment } from '../../../node/inherited-environment.ts';
import type { HostPorts } from '../../ports.ts';
import type { LoginShell } from './ask.ts';

/**
 * The user's login shell, with the environment that a terminal would give it rather than the environment of this
 * process.
 */
export function loginShellOf({
  environment,
  clock,
  random,
}: Pick<HostPorts, 'environment' | 'clock' | 'random'>): LoginShell {
  const program = environment.SHELL || shellOfAccount();
  const home = environment.HOME || homedir();
  return {
    program,
    environment: { ...runnerEnvironment(environment), HOME: home, SHELL: program ?? '', TERM: 'dumb' },
    clock,
    random,
  };
}

/** Where the desktop sets no SHELL; the system knows it from the user's account. */
function shellOfAccount(): string | undefined {
  try {
    return userInfo().shell ?? undefined;
  } catch {
    // An account that the system has no entry for.
    return undefined;
  }
}
