import type { Changes } from './changes.ts';
import type { Access } from './open-access.ts';
import type { AgentParts } from './open-agents.ts';
import type { RunnerParts } from './open-runner.ts';
import type { Storage } from './open-storage.ts';
import type { TurnParts } from './open-turns.ts';
import type { UpkeepParts } from './open-upkeep.ts';
import { slicesOf } from './settings.ts';

/** Subscribes the services to each other: an event of one that concerns another, and the slices that clients see. */
export function joinServices(options: {
  changes: Changes;
  storage: Storage;
  access: Access;
  runner: RunnerParts;
  agents: AgentParts;
  turns: TurnParts;
  upkeep: UpkeepParts;
}): void {
  const { changes, storage, access, runner, upkeep } = options;
  const { settingsChanges, registry, logs } = storage;
  const { network, credentials, variables, liveness } = access;
  const { agents, checks, ownLogins, mcp, userAgents, loginPath } = options.agents;
  const { turns, onSessionsChange } = options.turns;
  const { folders, staleSessions, installs } = upkeep;
  const settleStale = (): void => {
    staleSessions.settle();
    changes.touch('staleSessions');
  };
  const sweepVariables = (): void => {
    if (credentials.health().state !== 'available') return;
    variables.sweep().catch((error: unknown) => {
      const message = `deleted values are still in the keychain: ${error}`;
      logs.writer('core').write({ level: 'error', source: 'variables', message });
    });
  };

  settingsChanges.add((change) => {
    changes.touch(...slicesOf(change));
    if (change.kind === 'settings') checks.selected();
    if (change.kind === 'settings') folders.settle();
    if (change.kind === 'agent') settleStale();
    turns.lookAgain();
  });
  network.onChange(() => changes.touch('network'));
  runner.supervisor.onStatus(({ kind }) => kind === 'connected' && ownLogins.retry());
  runner.supervisor.onStatus(() => changes.touch('connection'));
  onSessionsChange(() => {
    settleStale();
    folders.settle();
  });
  folders.settle();
  userAgents.onChange(() => changes.touch('agents', 'connection', 'declaration'));
  credentials.onChange(turns.lookAgain);
  liveness.onChange(turns.lookAgain);
  ownLogins.onChange(turns.lookAgain);
  registry.onChange(() => {
    changes.touch('providers');
    checks.selected();
  });
  credentials.onChange(() => {
    changes.touch('keychain', 'credentials');
    checks.selected();
  });
  credentials.onChange(settleStale);
  variables.onChange(() => changes.touch('variables'));
  mcp.onChange(() => changes.touch('mcpServers'));
  variables.onChange(settleStale);
  credentials.onChange(sweepVariables);
  agents.onChange(() => changes.touch('agents', 'connection'));
  // The login shell's files may name the folder in which a terminal's login is looked for.
  loginPath.onChange(() => changes.touch('programs', 'agents'));
  installs.onChange(() => changes.touch('programs'));
}
