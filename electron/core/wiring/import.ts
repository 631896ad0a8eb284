import { homedir, userInfo } from 'node:os';
import { type CredentialImport, createCredentialImport } from '../credentials/import/import.ts';
import type { CredentialService } from '../credentials/service.ts';
import { runnerEnvironment } from '../node-host/runner-environment.ts';
import type { HostPorts } from '../ports.ts';
import type { Services } from './services.ts';

/** Import over what the host lends. `credentials`: those whose changes close the sessions that hold the old value. */
export function createImport({
  ports,
  services,
  credentials,
}: {
  ports: Pick<HostPorts, 'clock' | 'random' | 'environment'>;
  services: Pick<Services, 'registry' | 'redactor'>;
  credentials: Pick<CredentialService, 'list' | 'set'>;
}): CredentialImport {
  const { clock, random, environment } = ports;
  const home = environment.HOME || homedir();
  const program = environment.SHELL || loginShell();
  return createCredentialImport({
    registry: services.registry,
    credentials,
    masks: services.redactor,
    clock,
    random,
    places: { home, environment },
    shell: {
      program,
      // What a terminal would start it with; not what this process was given by somebody else.
      environment: { ...runnerEnvironment(environment), HOME: home, SHELL: program ?? '', TERM: 'dumb' },
    },
  });
}

/** Where the desktop sets no SHELL; the system knows it from the user's account. */
function loginShell(): string | undefined {
  try {
    return userInfo().shell ?? undefined;
  } catch {
    // An account that the system has no entry for.
    return undefined;
  }
}
