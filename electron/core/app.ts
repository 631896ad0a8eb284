import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import type { CoreHandlers } from '../../shared/contract/methods.ts';
import { languagesOf, resolveLocale } from '../../shared/i18n/locale.ts';
import type { HostInfo } from '../../shared/model/host.ts';
import type { KeychainHealth } from '../../shared/model/keychain.ts';
import { declaredFolders } from './agents/made.ts';
import { stateDirectory } from './agents/session.ts';
import { createStateFolders } from './agents/state-folders.ts';
import { createAgentTrial } from './agents/users/trial.ts';
import type { Served } from './api/connection.ts';
import { lockDataDirectory, runFolder } from './api/core-lock.ts';
import { createHandlers } from './api/handlers.ts';
import { type LocalSocket, openLocalSocket } from './api/local-socket.ts';
import { createStateHub, type StateHub } from './api/state-hub.ts';
import { createToldFailures } from './boot/told-failures.ts';
import { loginShellOf } from './machine/login-shell/of-host.ts';
import type { HostPorts } from './ports.ts';
import { createTerminalService } from './sign-in/service.ts';
import type { LogWriter } from './storage/logs/log-store.ts';
import { createRecentModels } from './turns/recent-models.ts';
import { createDiagnostics } from './upkeep/diagnostics/service.ts';
import { createDoctor } from './upkeep/doctor/doctor.ts';
import { emptyFolder } from './upkeep/forget/folders.ts';
import { createForget } from './upkeep/forget/service.ts';
import { createLeaving, type Leaving } from './upkeep/leaving/leaving.ts';
import type { Changes } from './wiring/changes.ts';
import { type Closers, createClosers } from './wiring/closers.ts';
import { createImport } from './wiring/import.ts';
import { createLogins } from './wiring/logins.ts';
import { createModelsRefresh } from './wiring/models-refresh.ts';
import { createNotifier } from './wiring/notifier.ts';
import { openServices, type Services, scratchDirectory } from './wiring/services.ts';
import { computeAll, createSlices, createState } from './wiring/slices.ts';
import { tellingStored } from './wiring/told-credentials.ts';
import { followTurns } from './wiring/while-turns-run.ts';
import { openWorktrees } from './wiring/worktrees.ts';

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
    // After everything that has a file open, and before the lock: nobody starts in a half-emptied directory.
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
  // Until the state stands there is nobody to tell: it is computed from what the rooms say then.
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
  const { supervisor, turns, agents, credentials, settings } = services;
  const log = services.logs.writer('core');
  onLog(log);
  const bootFailures = createToldFailures(ports.bootLog ?? { files: [], dataDir: ports.paths.dataDir });
  const atHand = {
    redact: services.redactor.redact,
    write: (message: string) => void log.write({ level: 'error', source: 'app', message }),
  };
  closers.add('boot log', ports.bootLog?.attach(atHand) ?? (() => {}));
  const fail = (what: string) => (error: unknown) =>
    void log.write({ level: 'error', source: 'app', message: `${what}: ${error}` });
  turns.recover();

  const logins = createLogins({ ports, services });
  logins.onChange(() => changes.touch('logins'));
  closers.add('sign-ins', logins.dispose);
  const leaving = createLeaving({
    turns: () => hub.state.turns,
    // Whoever told of the last turn's end gets to finish.
    end: () => setImmediate(() => ports.end?.()),
    onChange: () => changes.touch('leaving'),
  });
  const slices = createSlices({ ...services, logins, bootFailures, leaving }, () => hostInfo(ports, services));
  const hub: StateHub = createStateHub({
    initial: computeAll(slices),
    epoch: ports.random.uuid(),
    onListenerError: fail('a client could not be told'),
  });
  const notifier = createNotifier({
    notifications: ports.notifications,
    hasWindow: hub.hasWindow,
    locale: () => resolveLocale(settings.get().locale, languagesOf(ports.environment)),
    turn: turns.get,
    agentName: agents.nameOf,
  });
  changes = {
    touch: createState(hub, slices).touch,
    run(stored) {
      hub.publishRun(stored);
      notifier.run(stored);
    },
    logFailed: notifier.logFailed,
  };

  followTurns({ hub, leaving, ports, closers });

  const watched = tellingStored(credentials, services.checks.stored);
  const imports = createImport({ ports, services, credentials: watched });
  closers.add('found credentials', imports.dispose);
  const terminals = createTerminalService({
    ...services,
    ...ports,
    runner: supervisor,
    credentials: watched,
    mask: services.redactor.add,
  });
  closers.add('terminals', terminals.dispose);
  const forget = createForget({
    ...services,
    stateDirectory: (agentId) => stateDirectory(ports.paths, agentId),
    ownFolders: (projectDir) => [
      ...declaredFolders(join(ports.paths.dataDir, 'agents'), projectDir),
      services.checkpoints.folderOf(projectDir),
    ],
    hosts: services.allowedHosts,
    forgetInstallation: services.installationRecord.remove,
    dataDir: ports.paths.dataDir,
    emptyAtEnd() {
      emptyAtEnd();
      // The answer leaves first.
      setImmediate(() => ports.end?.());
    },
  });
  const runDoctor = createDoctor({ ports, services: { ...services, clock: ports.clock } }).run;
  const handlers = createHandlers({
    ...services,
    logins,
    opener: ports.opener,
    leaving,
    scratchDir: scratchDirectory(ports.paths),
    agentTrial: createAgentTrial({
      agents,
      runner: supervisor,
      clock: ports.clock,
      random: ports.random,
      places: { homeDir: homedir(), dataDir: ports.paths.dataDir, scratchDir: scratchDirectory(ports.paths) },
    }),
    worktrees: openWorktrees({ ports, ...services, scratchDir: scratchDirectory(ports.paths) }),
    credentials: watched,
    terminals,
    imports,
    bootFailures: {
      dismiss() {
        bootFailures.dismiss();
        changes.touch('bootFailures');
      },
    },
    recentModels: createRecentModels(services.database),
    stateFolders: createStateFolders({
      ...services,
      opener: ports.opener,
      stateDirectory: (agentId) => stateDirectory(ports.paths, agentId),
      signOut: (agentId) => terminals.signOut({ agentId }),
    }),
    refreshModels: createModelsRefresh({ ports, services }),
    forget,
    loginShell: loginShellOf(ports),
    clock: ports.clock,
    runDoctor,
    diagnostics: createDiagnostics({
      ...services,
      ...ports,
      sources: { ...services, ports, bootFailures, runDoctor },
      shapes: services.redactionShapes,
    }),
  });
  const served = { handlers, hub, log };
  const localSocket = await openLocalSocket({ app: served, dataDir: ports.paths.dataDir });
  closers.add('local socket', localSocket.close);

  supervisor.start();
  turns.resume();
  void agents.refresh().catch(fail('agents were not looked for'));
  void services.checkpoints.tidy().catch(fail('old checkpoints were not removed'));
  void credentials
    .checkHealth()
    .then((health) => recordInstallation(services, health))
    .catch(fail('the keychain was not asked'));
  return { ...served, localSocket, leaving, dispose: closers.closeAll };
}

/** A data directory that was moved is where it is now, before another installation takes it for gone. */
async function recordInstallation(services: Services, health: KeychainHealth): Promise<void> {
  const { credentials, variables, network, installationRecord } = services;
  const ofNetwork = network.view().proxy?.password === 'keychain';
  const kept = ofNetwork || [...credentials.list(), ...variables.list()].some(({ storage }) => storage === 'keychain');
  if (kept && health.state === 'available') await installationRecord.write();
}

function hostInfo({ kind, version, paths, opener, terminals, sleep }: HostPorts, { sandbox }: Services): HostInfo {
  return {
    kind,
    version,
    platform: process.platform,
    dataDir: paths.dataDir,
    scratchDir: scratchDirectory(paths),
    sandbox: sandbox(),
    terminals,
    canChooseFolder: opener.canChooseFolder,
    canRevealFiles: opener.canRevealFiles,
    canHoldOffSleep: sleep !== undefined,
  };
}
