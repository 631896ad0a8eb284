import type { HostPorts } from '../ports.ts';
import { createInstalls, type Installs } from '../upkeep/installs.ts';
import { createLeaks, type Leaks } from '../upkeep/leaks/leaks.ts';
import { createStaleSessions, type StaleSessions } from '../upkeep/stale-sessions.ts';
import type { Changes } from './changes.ts';
import type { Closers } from './closers.ts';
import { createDeclaredFolders, type DeclaredFolders } from './declared-folders.ts';
import type { Access } from './open-access.ts';
import type { AgentParts } from './open-agents.ts';
import type { RunnerParts } from './open-runner.ts';
import type { Storage } from './open-storage.ts';
import type { TurnParts } from './open-turns.ts';

/** Services that look after running sessions and installed agents. */
export interface UpkeepParts {
  readonly folders: DeclaredFolders;
  readonly leaks: Leaks;
  readonly staleSessions: StaleSessions;
  readonly installs: Installs;
}

export function openUpkeep(options: {
  ports: Pick<HostPorts, 'paths' | 'clock' | 'environment'>;
  closers: Closers;
  changes: Changes;
  storage: Pick<Storage, 'settings' | 'logs' | 'redactor'>;
  access: Pick<Access, 'credentials' | 'variables' | 'network'>;
  runner: Pick<RunnerParts, 'supervisor'>;
  agents: Pick<AgentParts, 'declarations' | 'isEverywhere' | 'programFolders' | 'catalog' | 'agents' | 'loginPath'>;
  turns: Pick<TurnParts, 'turns'>;
}): UpkeepParts {
  const { ports, closers, changes, storage, access, agents } = options;
  const { turns } = options.turns;
  const { settings, logs, redactor } = storage;
  const log = logs.writer('core');
  const folders = createDeclaredFolders({
    declarations: agents.declarations,
    turns,
    isEverywhere: agents.isEverywhere,
    shown: () => settings.get().projectDir,
    clock: ports.clock,
    onChange() {
      changes.touch('declaration', 'agents', 'connection');
      turns.lookAgain();
    },
    onFailure: (what, error) => void log.write({ level: 'error', source: 'declared', message: `${what}: ${error}` }),
  });
  closers.add('watched folders', folders.stop);
  const leaks = createLeaks({
    runner: options.runner.supervisor,
    sessions: turns.openSessions,
    clock: ports.clock,
    onChange: () => changes.touch('leaks'),
  });
  const staleSessions = createStaleSessions({
    credentials: access.credentials,
    variables: access.variables,
    turns,
    settings,
    onFailure: (error) =>
      void log.write({ level: 'error', source: 'app', message: `sessions were not closed: ${error}` }),
  });
  const installs = createInstalls({
    ports,
    folders: agents.programFolders,
    descriptions: agents.catalog.everywhere,
    agents: agents.agents,
    turns,
    loginPath: agents.loginPath,
    network: access.network,
    redact: redactor.redact,
    log,
  });
  closers.add('installations', installs.dispose);
  return { folders, leaks, staleSessions, installs };
}
