import { homedir } from 'node:os';
import type { CredentialService } from '../credentials/credential-service.ts';
import { type CredentialImport, createCredentialImport } from '../credentials/import/import.ts';
import { loginShellOf } from '../machine/login-shell/of-host.ts';
import type { HostPorts } from '../ports.ts';
import type { Storage } from './open-storage.ts';

/** Import over what the host lends. `credentials`: those whose changes close the sessions that hold the old value. */
export function createImport({
  ports,
  services,
  credentials,
}: {
  ports: Pick<HostPorts, 'clock' | 'random' | 'environment'>;
  services: Pick<Storage, 'registry' | 'redactor'>;
  credentials: Pick<CredentialService, 'list' | 'set'>;
}): CredentialImport {
  const { clock, random, environment } = ports;
  return createCredentialImport({
    registry: services.registry,
    credentials,
    masks: services.redactor,
    clock,
    random,
    places: { home: environment.HOME || homedir(), environment },
    shell: loginShellOf(ports),
  });
}
