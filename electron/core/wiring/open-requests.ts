import { homedir } from 'node:os';
import { join } from 'node:path';
import { declaredFolders } from '../agents/added-agent.ts';
import { stateDirectory } from '../agents/session-plan.ts';
import { createStateFolders, type StateFolders } from '../agents/state-folders.ts';
import type { EarlierFailures } from '../boot/earlier-failures.ts';
import type { CredentialImport } from '../credentials/import/import.ts';
import type { HostPorts } from '../ports.ts';
import type { Worktrees } from '../projects/worktrees/worktree-service.ts';
import { createTerminalService, type TerminalService } from '../sign-in/terminal-service.ts';
import { createRecentModels } from '../turns/recent-models.ts';
import { type AgentTrial, createAgentTrial } from '../upkeep/agent-trial.ts';
import { createDiagnostics, type DiagnosticService } from '../upkeep/diagnostics/diagnostics-service.ts';
import { createDoctor, type Doctor } from '../upkeep/doctor/doctor.ts';
import { createForget, type ForgetService } from '../upkeep/forget/forget-service.ts';
import { announcingStored } from './announced-credentials.ts';
import type { Closers } from './closers.ts';
import { createImport } from './import.ts';
import { createModelsRefresh } from './models-refresh.ts';
import { scratchDirectory } from './places.ts';
import type { Services } from './services.ts';
import { openWorktrees } from './worktrees.ts';

/** Services that only clients ask for something: nothing else in the core waits for them. */
export interface RequestParts {
  readonly watched: ReturnType<typeof announcingStored>;
  readonly imports: CredentialImport;
  readonly terminals: TerminalService;
  readonly agentTrial: AgentTrial;
  readonly forget: ForgetService;
  readonly runDoctor: Doctor['run'];
  readonly diagnostics: DiagnosticService;
  readonly worktrees: Worktrees;
  readonly recentModels: ReturnType<typeof createRecentModels>;
  readonly stateFolders: StateFolders;
  readonly refreshModels: ReturnType<typeof createModelsRefresh>;
}

export function openRequests(options: {
  ports: HostPorts;
  closers: Closers;
  services: Services;
  bootFailures: Pick<EarlierFailures, 'list'>;
  /** The data directory is emptied when this core has ended, and it ends soon. */
  emptyAtEnd: () => void;
}): RequestParts {
  const { ports, closers, bootFailures, emptyAtEnd } = options;
  const { storage, access, runner, agents, turns } = options.services;
  const { dataDir } = ports.paths;
  const scratchDir = scratchDirectory(ports.paths);
  const { supervisor } = runner;
  const ownStateOf = (agentId: string): string => stateDirectory(ports.paths, agentId);
  const watched = announcingStored(access.credentials, agents.checks.stored);
  const imports = createImport({ ports, services: storage, credentials: watched });
  closers.add('found credentials', imports.dispose);
  const terminals = createTerminalService({
    agents: agents.agents,
    ownLogins: agents.ownLogins,
    registry: storage.registry,
    runner: supervisor,
    credentials: watched,
    mask: storage.redactor.add,
    terminals: ports.terminals,
    clock: ports.clock,
    random: ports.random,
  });
  closers.add('terminals', terminals.dispose);
  const agentTrial = createAgentTrial({
    agents: agents.agents,
    runner: supervisor,
    clock: ports.clock,
    random: ports.random,
    places: { homeDir: homedir(), dataDir, scratchDir },
  });
  const forget = createForget({
    credentials: access.credentials,
    variables: access.variables,
    network: access.network,
    turns: turns.turns,
    settings: storage.settings,
    agents: agents.agents,
    mcp: agents.mcp,
    declarations: agents.declarations,
    stateDirectory: ownStateOf,
    ownFolders: (projectDir) => [
      ...declaredFolders(join(dataDir, 'agents'), projectDir),
      turns.checkpoints.folderOf(projectDir),
    ],
    hosts: agents.allowedHosts,
    keptProviders: agents.keptProviders,
    forgetInstallation: access.installationRecord.remove,
    dataDir,
    emptyAtEnd,
  });
  const own = { ...storage, credentials: access.credentials, agents: agents.agents, supervisor };
  const runDoctor = createDoctor({ ports, services: { ...own, clock: ports.clock } }).run;
  const diagnostics = createDiagnostics({
    sources: { ...own, variables: access.variables, turns: turns.turns, ports, bootFailures, runDoctor },
    redactor: storage.redactor,
    shapes: storage.redactionShapes,
    knownSecrets: access.knownSecrets,
    clock: ports.clock,
    opener: ports.opener,
  });
  const stateFolders = createStateFolders({
    agents: agents.agents,
    turns: turns.turns,
    opener: ports.opener,
    stateDirectory: ownStateOf,
    signOut: (agentId) => terminals.signOut({ agentId }),
  });
  const worktrees = openWorktrees({ ports, loginPath: agents.loginPath, redactor: storage.redactor, scratchDir });
  const refreshModels = createModelsRefresh({ ports, services: { ...storage, fetch: access.fetch } });
  const recentModels = createRecentModels(storage.database);
  return {
    watched,
    imports,
    terminals,
    agentTrial,
    forget,
    runDoctor,
    diagnostics,
    worktrees,
    recentModels,
    stateFolders,
    refreshModels,
  };
}
