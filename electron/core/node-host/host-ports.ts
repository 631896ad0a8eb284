import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { defined } from '../../../shared/defined.ts';
import type { HostInfo } from '../../../shared/model/host.ts';
import { systemClock } from '../../node/clock.ts';
import { runnerEnvironment } from '../../node/inherited-environment.ts';
import { createKeyringKeychain } from '../keychain/keyring.ts';
import type { BootLog, HostPorts } from '../ports.ts';
import { createChildProcessStarter } from '../runner-host/child-process-starter.ts';
import { createNodeOpener } from './opener.ts';
import { nodeHostPaths } from './paths.ts';
import { findTerminals } from './terminals.ts';

/** The ports of a host under plain Node. The host has no dialogs and shows no notifications. */
export function createNodeHostPorts(options: {
  kind: HostInfo['kind'];
  version: string;
  /** `dist/` of this installation. */
  programsDir: string;
  environment: Readonly<Record<string, string | undefined>>;
  /** Where the host serves a window: a fresh one-time address of it. */
  windowUrl?: () => string;
  bootLog?: BootLog;
  end?: () => void;
}): HostPorts {
  const { kind, version, environment, windowUrl, bootLog, end } = options;
  const paths = nodeHostPaths(options);
  const { canOpen, revealFile } = createNodeOpener({ environment, clock: systemClock });
  return {
    kind,
    version,
    paths,
    environment,
    clock: systemClock,
    random: { uuid: () => randomUUID(), fraction: () => Math.random() },
    keychain: createKeyringKeychain,
    runnerStarter: createChildProcessStarter({
      nodeExecutable: paths.nodeExecutable,
      runnerFile: join(paths.programsDir, 'runner.mjs'),
      environment: runnerEnvironment(environment),
    }),
    notifications: { show() {} },
    opener: {
      revealFile,
      canRevealFiles: canOpen,
      chooseFolder: async () => null,
      canChooseFolder: false,
      ...defined({ windowUrl }),
    },
    terminals: findTerminals(join(paths.programsDir, 'any.mjs')),
    ...defined({ bootLog, end }),
  };
}
