import { basename } from 'node:path';
import type { CoreHandlers } from '../../shared/contract/methods.ts';
import type { KeychainHealth } from '../../shared/model/keychain.ts';
import type { Served } from './api/connection.ts';
import { lockDataDirectory, runFolder } from './api/core-lock.ts';
import { type LocalSocket, openLocalSocket } from './api/local-socket.ts';
import type { StateHub } from './api/state-hub.ts';
import { createEarlierFailures } from './boot/earlier-failures.ts';
import type { HostPorts } from './ports.ts';
import type { LogWriter } from './storage/logs/log-store.ts';
import { emptyFolder } from './upkeep/forget/folders.ts';
import type { Leaving } from './upkeep/leaving/leaving.ts';
import type { Changes } from './wiring/changes.ts';
import { type Closers, createClosers } from './wiring/closers.ts';
import { handlersOf } from './wiring/handlers-of.ts';
import type { Access } from './wiring/open-access.ts';
import { openRequests } from './wiring/open-requests.ts';
import { openState } from './wiring/open-state.ts';
import { openServices } from './wiring/services.ts';

/** The running application: what every door serves. */
export interface App extends Served {
  readonly handlers: CoreHandlers;
  readonly hub: StateHub;
  /** The core's own log. */
  readonly log: LogWriter;
  /** The command line's door of this data directory, and how many are connected to it. */
  readonly localSocket: Pick<LocalSocket, 'guests' | 'onGuestsChange'>;
  readonly leaving: Leaving;
  /** Ends turns, runner, doors and files, in that order. Idempotent, bounded, never rejects. */
  dispose(): Promise<void>;
}

/**
 * Puts the core together and starts it. It is the only one of its data directory until it is disposed of; a start
 * that fails leaves nothing open.
 * @throws PerchError ALREADY_RUNNING, DATA_DIRECTORY_NOT_WRITABLE, DATABASE_TOO_NEW, DATABASE_CORRUPT, DISK_FULL,
 *   SOCKET_FOLDER_NOT_OURS
 */
export async function createApp(ports: HostPorts): Promise<App> {
  let log: LogWriter | undefined;
  const closers = createClosers({
    clock: ports.clock,
    onFailure: (name, error) => void log?.write({ level: 'error', source: 'app', message: `${name}: ${error}` }),
  });
  try {
    const lock = lockDataDirectory(ports.paths.dataDir);
    closers.add('lock', lock.release);
    // Runs after every part that has a file open, and before the lock is released, so that no start finds a
    // half-emptied directory.
    let emptyAtEnd = false;
    closers.add('data', () => {
      if (emptyAtEnd) emptyFolder(ports.paths.dataDir, [basename(runFolder(ports.paths.dataDir))]);
    });
    return await compose(ports, closers, {
      onLog(writer) {
        log = writer;
      },
      emptyAtEnd() {
        emptyAtEnd = true;
      },
    });
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}

interface Ends {
  onLog(log: LogWriter): void;
  emptyAtEnd(): void;
}

async function compose(ports: HostPorts, closers: Closers, { onLog, emptyAtEnd }: Ends): Promise<App> {
  // Changes wait for the state: it is computed from what the services say once it stands.
  let changes: Changes = { touch() {}, run() {}, logFailed() {} };
  const services = openServices({
    ports,
    closers,
    changes: {
      touch: (...slices) => changes.touch(...slices),
      run: (stored) => changes.run(stored),
      logFailed: (name) => changes.logFailed(name),
    },
  });
  const { storage, access, runner, agents, turns } = services;
  const log = storage.logs.writer('core');
  onLog(log);
  const bootFailures = createEarlierFailures(ports.bootLog ?? { files: [], dataDir: ports.paths.dataDir });
  const atHand = {
    redact: storage.redactor.redact,
    write: (message: string) => void log.write({ level: 'error', source: 'app', message }),
  };
  closers.add('boot log', ports.bootLog?.attach(atHand) ?? (() => {}));
  const fail = (what: string) => (error: unknown) =>
    void log.write({ level: 'error', source: 'app', message: `${what}: ${error}` });
  turns.turns.recover();

  const state = openState({
    ports,
    closers,
    services,
    bootFailures,
    onListenerError: fail('a client could not be told'),
  });
  changes = state.changes;
  const requests = openRequests({
    ports,
    closers,
    services,
    bootFailures,
    emptyAtEnd() {
      emptyAtEnd();
      // The answer leaves first.
      setImmediate(() => ports.end?.());
    },
  });
  const dismissBootFailures = () => {
    bootFailures.dismiss();
    changes.touch('bootFailures');
  };
  const handlers = handlersOf({ ports, services, requests, state, dismissBootFailures });
  const served = { handlers, hub: state.hub, log };
  const localSocket = await openLocalSocket({ app: served, dataDir: ports.paths.dataDir });
  closers.add('local socket', localSocket.close);

  runner.supervisor.start();
  turns.turns.resume();
  void agents.agents.refresh().catch(fail('agents were not looked for'));
  void turns.checkpoints.tidy().catch(fail('old checkpoints were not removed'));
  void access.credentials
    .checkHealth()
    .then((health) => recordInstallation(access, health))
    .catch(fail('the keychain was not asked'));
  return { ...served, localSocket, leaving: state.leaving, dispose: closers.closeAll };
}

/** A data directory that was moved is where it is now, before another installation takes it for gone. */
async function recordInstallation(access: Access, health: KeychainHealth): Promise<void> {
  const { credentials, variables, network, installationRecord } = access;
  const ofNetwork = network.view().proxy?.password === 'keychain';
  const kept = ofNetwork || [...credentials.list(), ...variables.list()].some(({ storage }) => storage === 'keychain');
  if (kept && health.state === 'available') await installationRecord.write();
}
