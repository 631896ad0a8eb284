import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { SandboxAvailability } from '../../../shared/model/sandbox-policy.ts';
import { GENERAL_SHAPES } from '../../../shared/redaction/general-shapes.ts';
import { createRedactor, type Redactor } from '../../../shared/redaction/redactor.ts';
import type { RedactionShape } from '../../../shared/redaction/shapes.ts';
import { type BackgroundChecks, createBackgroundChecks } from '../agents/background-checks.ts';
import { createProgramFolders } from '../agents/install/folders.ts';
import { isNpmVariable } from '../agents/install/npm-config.ts';
import { createKeptProviders, type KeptProviders } from '../agents/kept-providers.ts';
import { createLiveModels, type LiveModelsService } from '../agents/live-models/service.ts';
import { loadAgents } from '../agents/load.ts';
import { folderVariables } from '../agents/login/elsewhere.ts';
import { createOwnLogins, type OwnLogins } from '../agents/login/own-logins.ts';
import { knownPlaces, type PlacesIn } from '../agents/places.ts';
import { bundledRegistry } from '../agents/registry/data.ts';
import { type AgentRegistry, createAgentRegistry } from '../agents/registry/service.ts';
import { type AgentService, createAgentService } from '../agents/service.ts';
import { knownCredentialVariables, sandboxRecords, stateDirectory } from '../agents/session.ts';
import { createProbe } from '../credentials/liveness/probe.ts';
import { createLivenessService, type LivenessService } from '../credentials/liveness/service.ts';
import { createRenewer, type Renewer } from '../credentials/renewal/renewer.ts';
import { createTokenRequest } from '../credentials/renewal/token-request.ts';
import { type CredentialService, createCredentialService } from '../credentials/service.ts';
import { type CredentialTrail, createCredentialTrail } from '../credentials/trail.ts';
import { loadRouting } from '../credentials/variables/routing.ts';
import { createVariableService, type VariableService } from '../credentials/variables/service.ts';
import { createOrphans, type Orphans } from '../keychain/orphans/orphans.ts';
import { createInstallationRecord, INSTALLATIONS, type InstallationRecord } from '../keychain/orphans/record.ts';
import type { McpService } from '../launch/mcp/service.ts';
import { findProgram } from '../machine/login-shell/find-program.ts';
import { loginShellOf } from '../machine/login-shell/of-host.ts';
import { createLoginPath, joinPaths, type LoginPath } from '../machine/login-shell/path.ts';
import { createRecordStore } from '../machine/processes/record-store.ts';
import { createProcessRecords } from '../machine/processes/records.ts';
import { processTable } from '../machine/processes/select-table.ts';
import { type AllowedHosts, createAllowedHosts } from '../network/egress/allowed-hosts.ts';
import { createFetch, type Fetch } from '../network/fetch.ts';
import { createNetworkService, type NetworkService } from '../network/service.ts';
import type { HostPaths, HostPorts } from '../ports.ts';
import { createReferences } from '../projects/declared/references.ts';
import { keyRedactionShapes } from '../providers/key-redaction.ts';
import { createModelCatalog, type ModelCatalog } from '../providers/model-catalog.ts';
import { createProviderRegistry, type ProviderRegistry } from '../providers/registry.ts';
import { createEgressService, type EgressService } from '../runner-host/egress.ts';
import { createSandboxCheck } from '../runner-host/sandbox-check.ts';
import { createRunnerSupervisor, type RunnerSupervisor } from '../runner-host/supervisor.ts';
import { createTimelineStore } from '../runner-host/timeline-store.ts';
import { createSettings, type SettingsService } from '../settings/settings.ts';
import { askProgram } from '../sign-in/ask.ts';
import type { Database } from '../storage/database/database.ts';
import { openOrRecover } from '../storage/database/recovery/open-or-recover.ts';
import { createRecoveries, type Recoveries } from '../storage/database/recovery/recoveries.ts';
import { createLogStore, type LogStore } from '../storage/logs/log-store.ts';
import { tokenShapes } from '../terminals/token-shapes.ts';
import { type Checkpoints, createCheckpoints } from '../turns/checkpoints/service.ts';
import { maskSessionSecrets } from '../turns/session-secrets.ts';
import { createTurnService, type TurnService } from '../turns/turn-service.ts';
import { createKnownSecrets, type KnownSecrets } from '../upkeep/diagnostics/known-secrets.ts';
import { createInstalls, type Installs } from '../upkeep/installs.ts';
import { createLeaks, type Leaks } from '../upkeep/leaks/leaks.ts';
import { createStaleSessions, type StaleSessions } from '../upkeep/stale-sessions.ts';
import { type Changes, stoppable } from './changes.ts';
import type { Closers } from './closers.ts';
import { createDeclaredFolders } from './declared-folders.ts';
import { createFreshen } from './fresh-credentials.ts';
import { createKeptSecrets } from './kept-secrets.ts';
import { type MadeAgents, openMadeAgents } from './made-agents.ts';
import { openMcp } from './mcp.ts';
import { baseUrlsIn, slicesOf } from './settings.ts';

/** The rooms of the core, opened and joined to each other. */
export interface Services extends Omit<MadeAgents, 'catalog'> {
  readonly logs: LogStore;
  readonly database: Database;
  readonly recoveries: Recoveries;
  readonly settings: SettingsService;
  readonly registry: ProviderRegistry;
  readonly models: ModelCatalog;
  readonly credentials: CredentialService;
  readonly renewer: Renewer;
  readonly variables: VariableService;
  readonly mcp: McpService;
  readonly installationRecord: InstallationRecord;
  readonly orphans: Orphans;
  readonly liveness: LivenessService;
  readonly liveModels: LiveModelsService;
  readonly checks: BackgroundChecks;
  readonly trail: CredentialTrail;
  readonly agents: AgentService;
  readonly loginPath: LoginPath;
  readonly installs: Installs;
  readonly agentRegistry: AgentRegistry;
  readonly ownLogins: OwnLogins;
  readonly keptProviders: KeptProviders;
  readonly supervisor: RunnerSupervisor;
  readonly turns: TurnService;
  readonly checkpoints: Checkpoints;
  readonly egress: EgressService;
  readonly network: NetworkService;
  /** Perch's own requests. */
  readonly fetch: Fetch;
  readonly leaks: Leaks;
  readonly allowedHosts: AllowedHosts;
  readonly staleSessions: StaleSessions;
  readonly sandbox: () => SandboxAvailability;
  readonly redactor: Redactor;
  /** What secrets look like: of every provider, and of none. */
  readonly redactionShapes: readonly RedactionShape[];
  readonly knownSecrets: () => Promise<KnownSecrets>;
}

/** Working directory of turns without a project. */
export function scratchDirectory({ dataDir }: HostPaths): string {
  return join(dataDir, 'scratch');
}

/** The list of models that the user fetched. */
export function fetchedModels({ dataDir }: HostPaths): string {
  return join(dataDir, 'models.json');
}

/**
 * Opens every room, in the order in which they need each other. What was opened is known to `closers` at once: when
 * one fails, the others can be closed.
 * @throws PerchError DATA_DIRECTORY_NOT_WRITABLE, DATABASE_TOO_NEW, DATABASE_LOCKED, DISK_FULL, TOO_MANY_OPEN_FILES
 */
export function openServices({
  ports,
  closers,
  changes: hears,
}: {
  ports: HostPorts;
  closers: Closers;
  changes: Changes;
}): Services {
  const { paths, clock, random } = ports;
  const { changes, stop } = stoppable(hears);
  const databaseProblems: string[] = [];
  const database = openOrRecover({
    file: join(paths.dataDir, 'perch.db'),
    clock,
    random,
    onProblem: (problem) => void databaseProblems.push(problem),
  });
  closers.add('database', () => database.close());
  const recoveries = createRecoveries({ database, opener: ports.opener, onChange: () => changes.touch('recovery') });

  const notUnderstood: string[] = [];
  const settings = createSettings({
    database,
    clock,
    onChange(change) {
      changes.touch(...slicesOf(change));
      if (change.kind === 'settings') checks.selected();
      if (change.kind === 'settings') folders.settle();
      if (change.kind === 'agent') settleStale();
      turns.lookAgain();
    },
    onInvalid: (key) => void notUnderstood.push(key),
  });
  const registry = createProviderRegistry({
    resourcesDir: paths.resourcesDir,
    baseUrls: baseUrlsIn(settings),
    loginClients: { get: (providerId) => settings.loginClients().get(providerId), set: settings.setLoginClient },
  });
  const shapes = [...GENERAL_SHAPES, ...keyRedactionShapes(registry.all())];
  const redactor = createRedactor({ shapes });

  const logs = createLogStore({
    dir: join(paths.dataDir, 'logs'),
    clock,
    redact: redactor.redact,
    onWriteFailure: (_error, log) => changes.logFailed(log),
  });
  closers.add('logs', () => logs.close());
  // What is still being looked for may be found when there is no database to compute a slice from.
  closers.add('changes', stop);
  for (const message of databaseProblems) logs.writer('core').write({ level: 'error', source: 'database', message });
  for (const key of notUnderstood) {
    const message = `the stored setting ${key} is not understood: its default is used`;
    logs.writer('core').write({ level: 'warn', source: 'settings', message });
  }

  const models = createModelCatalog({
    resourcesDir: paths.resourcesDir,
    file: fetchedModels(paths),
    onProblem: (message) => void logs.writer('core').write({ level: 'warn', source: 'models', message }),
  });

  const trail = createCredentialTrail({ database, clock });
  const { installationId } = database;
  const record = createInstallationRecord({
    record: ports.keychain(INSTALLATIONS),
    installationId,
    dataDir: resolve(paths.dataDir),
  });
  const keychain = record.recorded(ports.keychain(installationId));
  const network = createNetworkService({
    database,
    keychain,
    clock,
    mask: redactor.add,
    folder: join(paths.dataDir, 'certificates'),
  });
  network.onChange(() => changes.touch('network'));
  const fetch = createFetch(network);
  const credentials = createCredentialService({
    database,
    keychain,
    registry,
    clock,
    random,
  });
  closers.add('credentials of this session', () => credentials.dispose());
  const renewer = createRenewer({
    credentials,
    requestTokens: createTokenRequest({ clock, fetch }),
    clock,
    random,
    log: logs.writer('core'),
  });
  closers.add('renewals', renewer.stop);
  const agentDescriptions = loadAgents(paths.resourcesDir);
  const credentialVariables = knownCredentialVariables({ registry, agents: agentDescriptions });
  const isRouting = loadRouting(paths.resourcesDir, agentDescriptions);
  const variables = createVariableService({
    database,
    keychain,
    isRouting,
    isCredential: (name) => credentialVariables.has(name),
    clock,
    random,
  });
  closers.add('variables of this session', () => variables.dispose());
  const kept = createKeptSecrets({ variables, credentials });
  const { catalog, declarations, userAgents, agentImport } = openMadeAgents({
    fetch,
    kept,
    database,
    clock,
    paths,
    scratchDir: scratchDirectory(paths),
    builtIns: agentDescriptions,
    registry,
    isRouting,
    isCredential: (name) => credentialVariables.has(name),
    shapes,
    onInvalid(agentId) {
      const message = `the stored agent ${agentId} is not understood: it is left out`;
      logs.writer('core').write({ level: 'warn', source: 'agents', message });
    },
  });
  const probe = createProbe({ clock, fetch });
  const isEverywhere = (agentId: string) => catalog.everywhere().some((agent) => agent.agentId === agentId);
  const liveness = createLivenessService({
    credentials,
    registry,
    probe,
    clock,
    log: logs.writer('core'),
    onRejected: (credential) => trail.note('rejected', credential),
  });
  const supervisor = createRunnerSupervisor({
    starter: ports.runnerStarter,
    clock,
    random,
    log: logs.writer('runner'),
    lastLines: (count, cause) => logs.failureLines(cause, count),
    timelineStore: createTimelineStore(database),
    processes: createProcessRecords({
      store: createRecordStore(database),
      table: processTable(process.platform),
      clock,
    }),
  });
  closers.add('runner', () => supervisor.stop());
  const allowed = createAllowedHosts({ database, clock });
  const sandbox = createSandboxCheck({
    supervisor,
    records: sandboxRecords(paths),
    onChange: () => changes.touch('host', 'agents', 'connection'),
  });
  const ownLogins = createOwnLogins({
    agents: agentDescriptions,
    stateDirectory: (agentId) => stateDirectory(paths, agentId),
    ask: async (agentId, args) =>
      askProgram(await agents.prepareLogin({ agentId, args }), { runner: supervisor, clock, random }),
  });
  supervisor.onStatus(({ kind }) => kind === 'connected' && ownLogins.retry());
  const loginFolders = folderVariables(agentDescriptions.map(({ login }) => login));
  const loginPath = createLoginPath(loginShellOf(ports), {
    keep: (name) => isNpmVariable(name) || loginFolders.has(name),
  });
  const programFolders = createProgramFolders({ dataDir: paths.dataDir, random });
  const mcp = openMcp({ ports, database, redactor, scratchDir: scratchDirectory(paths), loginPath });
  const keptProviders = createKeptProviders({
    database,
    onFailure(error) {
      const message = `the provider of an agent was not remembered: ${error}`;
      logs.writer('core').write({ level: 'warn', source: 'agents', message });
    },
  });
  const agents: AgentService = createAgentService({
    paths,
    loginPath,
    places: (own) => knownPlaces(own, placesOf(ports)),
    installed: programFolders.modules,
    registry,
    credentials,
    liveness,
    settings,
    variables,
    mcp,
    isRouting,
    catalog,
    declarations,
    readReference: createReferences({
      loginShell: loginShellOf(ports),
      path: async () => joinPaths(ports.environment.PATH, await loginPath.ensure()),
      environment: ports.environment,
      kept,
    }).read,
    held: (place) => turns.heldIn(place),
    environment: ports.environment,
    sandbox: sandbox.availability,
    allowedHosts: allowed.rulesFor,
    ownLogins,
    userPlaces: () => ({
      home: placesOf(ports).home,
      environment: { ...loginPath.kept(), ...ports.environment },
    }),
    keptProviders,
    freshen: createFreshen({ credentials, renewer }),
    network,
    clock,
  });
  const checks = createBackgroundChecks({
    agents,
    credentials,
    liveness,
    shown: () => ({ agentId: settings.get().selectedAgentId, projectDir: settings.get().projectDir }),
    onFailure: (error) =>
      void logs.writer('core').write({ level: 'error', source: 'liveness', message: `was not asked: ${error}` }),
  });
  closers.add('background checks', checks.stop);
  const checkpoints = createCheckpoints({
    database,
    folder: join(paths.dataDir, 'checkpoints'),
    findGit: async (projectDir) =>
      findProgram('git', { path: joinPaths(ports.environment.PATH, await loginPath.ensure()), projectDir }),
    turns: () => turns,
    clock,
    log: logs.writer('core'),
    onChange: () => changes.touch('turns'),
  });
  // Of turns that end with Perch, too: they are closed before.
  closers.add('checkpoints', checkpoints.settled);
  const turns: TurnService = createTurnService({
    checkpoints,
    database,
    runner: maskSessionSecrets(supervisor, redactor),
    agents,
    logs,
    clock,
    random,
    credentialUse: {
      used: trail.used,
      rejected(use) {
        liveness.refusedInUse(use.credentials);
        trail.rejected(use);
      },
    },
    nameOf: agents.nameOf,
    ownTrafficOf: agents.ownTrafficOf,
    homeDir: homedir(),
    dataDir: paths.dataDir,
    scratchDir: scratchDirectory(paths),
    onRunEvent: changes.run,
    onTurnsChanged: () => changes.touch('turns', 'recentProjects'),
    onPermissionsChanged: () => changes.touch('permissions'),
    onSessionsChanged() {
      settleStale();
      folders.settle();
    },
    limits: settings.get,
    tokenShapes: () => tokenShapes(registry.all()),
  });
  closers.add('turns', () => turns.dispose());
  const folders = createDeclaredFolders({
    declarations,
    turns,
    isEverywhere,
    shown: () => settings.get().projectDir,
    clock,
    onChange() {
      changes.touch('declaration', 'agents', 'connection');
      turns.lookAgain();
    },
    onFailure: (what, error) =>
      void logs.writer('core').write({ level: 'error', source: 'declared', message: `${what}: ${error}` }),
  });
  closers.add('watched folders', folders.stop);
  folders.settle();
  userAgents.onChange(() => changes.touch('agents', 'connection', 'declaration'));
  const leaks = createLeaks({
    runner: supervisor,
    sessions: turns.openSessions,
    clock,
    onChange: () => changes.touch('leaks'),
  });
  const egress = createEgressService({
    allowed,
    runner: supervisor,
    sessions: turns.openSessions,
    isOwnTraffic: turns.isOwnTraffic,
    clock,
    onChange: () => changes.touch('egress'),
    onFailure(sessionId, error) {
      const message = `session ${sessionId} did not take its new hosts: ${error}`;
      logs.writer('core').write({ level: 'error', source: 'egress', message });
    },
  });
  const staleSessions = createStaleSessions({
    credentials,
    variables,
    turns,
    settings,
    onFailure: (error) => {
      const message = `sessions were not closed: ${error}`;
      logs.writer('core').write({ level: 'error', source: 'app', message });
    },
  });
  function settleStale(): void {
    staleSessions.settle();
    changes.touch('staleSessions');
  }

  supervisor.onStatus(() => changes.touch('connection'));
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
  credentials.onChange(() => {
    if (credentials.health().state !== 'available') return;
    variables.sweep().catch((error: unknown) => {
      const message = `deleted values are still in the keychain: ${error}`;
      logs.writer('core').write({ level: 'error', source: 'variables', message });
    });
  });
  agents.onChange(() => changes.touch('agents', 'connection'));
  // Where a login in a terminal is looked for may stand in the shell's own files.
  loginPath.onChange(() => changes.touch('programs', 'agents'));
  const agentRegistry = createAgentRegistry({
    bundled: bundledRegistry(paths.resourcesDir),
    fetched: join(paths.dataDir, 'acp-registry.json'),
    builtIns: agentDescriptions,
    isTaken: isEverywhere,
    clock,
    fetch,
    onProblem: (message) => void logs.writer('core').write({ level: 'warn', source: 'agents', message }),
  });
  const installs = createInstalls({
    ports,
    folders: programFolders,
    descriptions: catalog.everywhere,
    agents,
    turns,
    loginPath,
    network,
    redact: redactor.redact,
    log: logs.writer('core'),
  });
  installs.onChange(() => changes.touch('programs'));
  closers.add('installations', installs.dispose);
  return {
    userAgents,
    declarations,
    agentImport,
    renewer,
    logs,
    database,
    recoveries,
    settings,
    registry,
    models,
    credentials,
    variables,
    mcp,
    installationRecord: record,
    orphans: createOrphans({ keychain: ports.keychain, installationId }),
    liveness,
    liveModels: createLiveModels({ agents, credentials, registry, probe, clock, log: logs.writer('core') }),
    checks,
    trail,
    agents,
    loginPath,
    installs,
    agentRegistry,
    ownLogins,
    keptProviders,
    supervisor,
    turns,
    checkpoints,
    egress,
    network,
    fetch,
    leaks,
    allowedHosts: allowed,
    staleSessions,
    sandbox: sandbox.availability,
    redactor,
    redactionShapes: shapes,
    knownSecrets: createKnownSecrets({ keychain, held: [credentials.heldValues, variables.heldValues] }),
  };
}

function placesOf({ environment }: HostPorts): PlacesIn {
  return { home: environment.HOME || homedir(), environment, platform: process.platform };
}
