import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { systemClock } from '../../../node/clock.ts';
import { createMemoryKeychain } from '../../keychain/memory.ts';
import type { HostPorts, Keychain } from '../../ports.ts';
import { createChildProcessStarter } from '../../runner-host/child-process-starter.ts';
import type { TestInstallation } from './installation.ts';

/** For tests: stands for the operating system's store, which is behind a port. */
export function testKeychain(): Keychain {
  const store = 'Secret Service';
  return { ...createMemoryKeychain(), store, check: async () => ({ state: 'available', store }) };
}

/** For tests: a host without a desktop, with a real runner and a keychain that forgets. */
export function testHostPorts(
  installation: Omit<TestInstallation, 'remove'>,
  more: Partial<HostPorts> = {},
): HostPorts {
  const { programsDir, resourcesDir, dataDir, folder } = installation;
  const keychain = testKeychain();
  return {
    kind: 'loopback',
    version: '1.2.3',
    paths: { dataDir, resourcesDir, programsDir, nodeExecutable: process.execPath, moduleDirs: [] },
    clock: systemClock,
    random: { uuid: () => randomUUID(), fraction: () => 0 },
    keychain: () => keychain,
    runnerStarter: createChildProcessStarter({
      nodeExecutable: process.execPath,
      runnerFile: join(programsDir, 'runner.mjs'),
      environment: { PATH: process.env.PATH ?? '' },
    }),
    notifications: { show: () => {} },
    opener: {
      revealFile: async () => false,
      chooseFolder: async () => null,
      canRevealFiles: false,
      canChooseFolder: false,
    },
    environment: { PATH: process.env.PATH, HOME: folder, LANG: 'en_US.UTF-8' },
    terminals: { state: 'unavailable', reason: 'a test' },
    ...more,
  };
}
