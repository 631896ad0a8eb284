import { languagesOf, resolveLocale } from '../../../shared/i18n/locale.ts';
import type { HostInfo } from '../../../shared/model/host.ts';
import { createStateHub, type StateHub } from '../api/state-hub.ts';
import type { EarlierFailures } from '../boot/earlier-failures.ts';
import type { LoginService } from '../credentials/logins/login-service.ts';
import type { HostPorts } from '../ports.ts';
import { createLeaving, type Leaving } from '../upkeep/leaving/leaving.ts';
import type { Changes } from './changes.ts';
import type { Closers } from './closers.ts';
import { createLogins } from './logins.ts';
import { createNotifier } from './notifier.ts';
import { scratchDirectory } from './places.ts';
import type { Services } from './services.ts';
import { computeAll, createSlices, createState } from './slices.ts';
import { followTurns } from './while-turns-run.ts';

/** The state that clients see, and everything that reports to it. */
export interface StateParts {
  readonly hub: StateHub;
  readonly changes: Changes;
  readonly leaving: Leaving;
  readonly logins: LoginService;
}

export function openState(options: {
  ports: HostPorts;
  closers: Closers;
  services: Services;
  bootFailures: Pick<EarlierFailures, 'list'>;
  onListenerError: (error: unknown) => void;
}): StateParts {
  const { ports, closers, services, bootFailures } = options;
  const { storage, access, agents, turns } = services;
  const own = { ...access, checks: agents.checks, ...storage };
  const logins = createLogins({ ports, services: own });
  closers.add('sign-ins', logins.dispose);
  const leaving = createLeaving({
    turns: () => hub.state.turns,
    // The client that reports the last turn's end gets to finish.
    end: () => setImmediate(() => ports.end?.()),
    onChange: () => state.touch('leaving'),
  });
  const slices = createSlices(services, { logins, bootFailures, leaving }, () => hostInfo(ports, services));
  const hub: StateHub = createStateHub({
    initial: computeAll(slices),
    epoch: ports.random.uuid(),
    onListenerError: options.onListenerError,
  });
  const state = createState(hub, slices);
  logins.onChange(() => state.touch('logins'));
  const notifier = createNotifier({
    notifications: ports.notifications,
    hasWindow: hub.hasWindow,
    locale: () => resolveLocale(storage.settings.get().locale, languagesOf(ports.environment)),
    turn: turns.turns.get,
    agentName: agents.agents.nameOf,
  });
  followTurns({ hub, leaving, ports, closers });
  const changes: Changes = {
    touch: state.touch,
    run(stored) {
      hub.publishRun(stored);
      notifier.run(stored);
    },
    logFailed: notifier.logFailed,
  };
  return { hub, changes, leaving, logins };
}

function hostInfo({ kind, version, paths, opener, terminals, sleep }: HostPorts, { runner }: Services): HostInfo {
  return {
    kind,
    version,
    platform: process.platform,
    dataDir: paths.dataDir,
    scratchDir: scratchDirectory(paths),
    sandbox: runner.sandbox(),
    terminals,
    canChooseFolder: opener.canChooseFolder,
    canRevealFiles: opener.canRevealFiles,
    canHoldOffSleep: sleep !== undefined,
  };
}
