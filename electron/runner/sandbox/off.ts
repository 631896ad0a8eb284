import { realpathSync, statSync } from 'node:fs';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { Sandbox } from './sandbox.ts';

/** Takes a parent's death as its own; part of util-linux, so nearly everywhere. */
const SETPRIV = '/usr/bin/setpriv';

/**
 * No sandbox, by the user's explicit choice. The program still gets its exact environment and a process group.
 * Where `setpriv` exists, the kernel ends the program when the runner dies.
 */
export function createNoSandbox(setpriv: string = SETPRIV): Sandbox {
  return {
    async check() {
      return { state: 'available', backend: 'off', version: '' };
    },
    async guard() {
      return undefined;
    },
    wrap(request, policy) {
      if (policy.enforcement !== 'off') throw new Error('this policy asks for a sandbox');
      const workingDirectory = existing(policy.workingDirectory);
      const dieWithRunner = statSync(setpriv, { throwIfNoEntry: false })?.isFile() === true;
      return {
        spec: {
          command: dieWithRunner ? setpriv : request.command,
          args: dieWithRunner ? ['--pdeathsig', 'KILL', '--', request.command, ...request.args] : request.args,
          environment: request.environment,
          workingDirectory,
        },
        status: { state: 'off' },
        workingDirectory,
        namespaceRoot: () => undefined,
        setUpFailure: () => undefined,
      };
    },
  };
}

function existing(directory: string): string {
  try {
    return realpathSync(directory);
  } catch (error) {
    throw new PerchError('PROJECT_NOT_FOUND', { directory }, { cause: error });
  }
}
