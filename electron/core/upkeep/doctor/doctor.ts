import type { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { DoctorReport } from '../../../../shared/model/doctor.ts';
import type { HostPorts } from '../../ports.ts';
import { type Check, errorMessage, finding, runChecks } from './check.ts';
import { coreChecks, type DoctorServices } from './core-checks.ts';
import { keychainCheck } from './keychain-check.ts';
import { machineChecks } from './machine-checks.ts';

export type DoctorPorts = Pick<HostPorts, 'kind' | 'version' | 'paths' | 'terminals' | 'environment' | 'bootLog'>;

export interface Doctor {
  /** Never rejects for what a check raises: that is `could-not-check`. */
  run(): Promise<DoctorReport>;
}

/** Examines a running core and its machine. */
export function createDoctor(options: { ports: DoctorPorts; services: DoctorServices; platform?: string }): Doctor {
  const { ports, services, platform = process.platform } = options;
  const { environment } = ports;
  return doctorOf({ ports, platform }, () => {
    const health = () => services.credentials.checkHealth();
    return [
      ...machineChecks(ports),
      ...coreChecks(services, platform),
      keychainCheck(health, { environment, platform }),
    ];
  });
}

/** Examines a machine on which no core could be started, for the reason given. */
export function createDoctorWithoutCore(options: {
  ports: DoctorPorts & Pick<HostPorts, 'keychain'>;
  error: PerchError;
  platform?: string;
}): Doctor {
  const { ports, error, platform = process.platform } = options;
  const { environment, keychain } = ports;
  return doctorOf({ ports, platform }, () => {
    const health = () => keychain('doctor').check();
    return [
      ...machineChecks(ports).filter(({ id }) => id !== culprit(error)),
      { id: culprit(error), run: () => finding('problem', errorMessage(error)) },
      keychainCheck(health, { environment, platform }),
    ];
  });
}

/** The check that the error belongs to. */
function culprit({ code }: PerchError): string {
  if (code === 'DATA_DIRECTORY_NOT_WRITABLE') return 'data-directory';
  return code.startsWith('DATABASE_') || code === 'DISK_FULL' ? 'database' : 'core';
}

function doctorOf({ ports, platform }: { ports: DoctorPorts; platform: string }, checks: () => Check[]): Doctor {
  const { version, paths } = ports;
  return { run: async () => ({ version, platform, dataDir: paths.dataDir, checks: await runChecks(checks()) }) };
}
