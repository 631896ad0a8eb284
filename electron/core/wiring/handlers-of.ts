import { homedir } from 'node:os';
import type { CoreHandlers } from '../../../shared/contract/methods.ts';
import { createHandlers } from '../api/handlers.ts';
import { loginShellOf } from '../machine/login-shell/of-host.ts';
import type { HostPorts } from '../ports.ts';
import { lookAtTyped } from '../projects/typed-folder.ts';
import type { RequestParts } from './open-requests.ts';
import type { StateParts } from './open-state.ts';
import { scratchDirectory } from './places.ts';
import type { Services } from './services.ts';

/** The handlers of the contract, each over the services that it names. */
export function handlersOf(options: {
  ports: HostPorts;
  services: Services;
  requests: RequestParts;
  state: Pick<StateParts, 'leaving' | 'logins'>;
  dismissBootFailures: () => void;
}): CoreHandlers {
  const { ports, requests, state, dismissBootFailures } = options;
  const scratchDir = scratchDirectory(ports.paths);
  const { storage, access, runner, agents, turns, upkeep } = options.services;
  return createHandlers({
    // Storage
    logs: storage.logs,
    recoveries: storage.recoveries,
    settings: storage.settings,
    registry: storage.registry,
    models: storage.models,
    // Access
    credentials: requests.watched,
    liveness: access.liveness,
    trail: access.trail,
    renewer: access.renewer,
    orphans: access.orphans,
    variables: access.variables,
    network: access.network,
    fetch: access.fetch,
    // Runner and agents
    supervisor: runner.supervisor,
    agents: agents.agents,
    agentRegistry: agents.agentRegistry,
    userAgents: agents.userAgents,
    agentImport: agents.agentImport,
    declarations: agents.declarations,
    mcp: agents.mcp,
    liveModels: agents.liveModels,
    checks: agents.checks,
    // Turns and upkeep
    turns: turns.turns,
    checkpoints: turns.checkpoints,
    egress: turns.egress,
    leaks: upkeep.leaks,
    staleSessions: upkeep.staleSessions,
    installs: upkeep.installs,
    // Requests
    imports: requests.imports,
    terminals: requests.terminals,
    agentTrial: requests.agentTrial,
    forget: requests.forget,
    diagnostics: requests.diagnostics,
    worktrees: requests.worktrees,
    recentModels: requests.recentModels,
    stateFolders: requests.stateFolders,
    refreshModels: requests.refreshModels,
    runDoctor: requests.runDoctor,
    // State and host
    leaving: state.leaving,
    logins: state.logins,
    bootFailures: { dismiss: dismissBootFailures },
    opener: ports.opener,
    scratchDir,
    lookAtTyped: (asked) => lookAtTyped(asked, { homeDir: homedir(), dataDir: ports.paths.dataDir, scratchDir }),
    loginShell: loginShellOf(ports),
    clock: ports.clock,
  });
}
