import { join } from 'node:path';
import { realOrSame } from '../../node/paths.ts';
import { type AgentService, createAgentService } from '../agents/agent-service.ts';
import { type BackgroundChecks, createBackgroundChecks } from '../agents/background-checks.ts';
import { createProgramFolders, type ProgramFolders } from '../agents/install/folders.ts';
import { isNpmVariable } from '../agents/install/npm-config.ts';
import { createKeptProviders, type KeptProviders } from '../agents/kept-providers.ts';
import { createLiveModels, type LiveModelsService } from '../agents/live-models/live-model-service.ts';
import { folderVariables } from '../agents/login/elsewhere.ts';
import { createOwnLogins, type OwnLogins } from '../agents/login/own-logins.ts';
import { knownPlaces } from '../agents/places.ts';
import { bundledRegistry } from '../agents/registry/data.ts';
import { type AgentRegistry, createAgentRegistry } from '../agents/registry/registry-service.ts';
import { stateDirectory } from '../agents/session-plan.ts';
import type { McpService } from '../launch/mcp/mcp-service.ts';
import { createGivenNames, type GivenNames } from '../launch/session-env/given-names.ts';
import { loginShellOf } from '../machine/login-shell/of-host.ts';
import { createLoginPath, joinPaths, type LoginPath } from '../machine/login-shell/path.ts';
import { type AllowedHosts, createAllowedHosts } from '../network/egress/allowed-hosts.ts';
import type { HostPorts } from '../ports.ts';
import { createReferences } from '../projects/declared/references.ts';
import { askProgram } from '../sign-in/ask.ts';
import { type AddedAgents, openAddedAgents } from './added-agents.ts';
import type { Closers } from './closers.ts';
import { createFreshen } from './fresh-credentials.ts';
import { openMcp } from './mcp.ts';
import type { Access } from './open-access.ts';
import type { RunnerParts } from './open-runner.ts';
import type { Storage } from './open-storage.ts';
import { placesOf, scratchDirectory } from './places.ts';

/** The agents: their descriptions, programs, logins, settings and readiness. */
export interface AgentParts extends AddedAgents {
  readonly allowedHosts: AllowedHosts;
  readonly ownLogins: OwnLogins;
  readonly keptProviders: KeptProviders;
  readonly loginPath: LoginPath;
  readonly programFolders: ProgramFolders;
  readonly mcp: McpService;
  readonly given: GivenNames;
  readonly agents: AgentService;
  readonly checks: BackgroundChecks;
  readonly liveModels: LiveModelsService;
  readonly agentRegistry: AgentRegistry;
  /** True when the agent exists without any file of a folder. */
  readonly isEverywhere: (agentId: string) => boolean;
}

export function openAgents(options: {
  ports: HostPorts;
  closers: Closers;
  storage: Storage;
  access: Access;
  runner: RunnerParts;
}): AgentParts {
  const { ports, closers, storage, access, runner } = options;
  const { paths, clock, random, environment } = ports;
  const { database, registry, redactor, settings } = storage;
  const { credentials, liveness, variables, network, fetch, builtIns, isRouting } = access;
  const log = storage.logs.writer('core');
  const scratchDir = scratchDirectory(paths);
  const added = openAddedAgents({
    ...access,
    database,
    clock,
    paths,
    scratchDir,
    registry,
    shapes: storage.redactionShapes,
    onInvalid(agentId) {
      log.write({
        level: 'warn',
        source: 'agents',
        message: `the stored agent ${agentId} is not understood: it is left out`,
      });
    },
  });
  const allowedHosts = createAllowedHosts({ database, clock });
  const ownLogins = createOwnLogins({ agents: builtIns, stateDirectory: (agentId) => stateDirectory(paths, agentId) });
  const loginFolders = folderVariables(builtIns.map(({ login }) => login));
  const loginPath = createLoginPath(loginShellOf(ports), {
    keep: (name) => isNpmVariable(name) || loginFolders.has(name),
  });
  const path = async () => joinPaths(environment.PATH, await loginPath.ensure());
  const programFolders = createProgramFolders({ dataDir: paths.dataDir, random });
  const mcp = openMcp({ ports, database, redactor, scratchDir, loginPath });
  const keptProviders = createKeptProviders({
    database,
    onFailure(error) {
      const message = `the provider of an agent was not remembered: ${error}`;
      log.write({ level: 'warn', source: 'agents', message });
    },
  });
  const given = createGivenNames();
  const { kept } = access;
  const agents = createAgentService({
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
    catalog: added.catalog,
    declarations: added.declarations,
    readReference: createReferences({ loginShell: loginShellOf(ports), path, environment, kept }).read,
    givenNames: ({ agentId, projectDir }) => given.in({ agentId, projectDir: realOrSame(projectDir) }),
    environment,
    sandbox: runner.sandbox,
    allowedHosts: allowedHosts.rulesFor,
    ownLogins,
    userPlaces: () => ({ home: placesOf(ports).home, environment: { ...loginPath.kept(), ...environment } }),
    keptProviders,
    freshen: createFreshen(access),
    network,
    clock,
  });
  ownLogins.askThrough(async (agentId, args) =>
    askProgram(await agents.prepareLogin({ agentId, args }), { runner: runner.supervisor, clock, random }),
  );
  const checks = createBackgroundChecks({
    agents,
    credentials,
    liveness,
    shown: () => ({ agentId: settings.get().selectedAgentId, projectDir: settings.get().projectDir }),
    onFailure: (error) => void log.write({ level: 'error', source: 'liveness', message: `was not asked: ${error}` }),
  });
  closers.add('background checks', checks.stop);
  const isEverywhere = (agentId: string) => added.catalog.everywhere().some((agent) => agent.agentId === agentId);
  const agentRegistry = createAgentRegistry({
    bundled: bundledRegistry(paths.resourcesDir),
    fetched: join(paths.dataDir, 'acp-registry.json'),
    builtIns,
    isTaken: isEverywhere,
    clock,
    fetch,
    onProblem: (message) => void log.write({ level: 'warn', source: 'agents', message }),
  });
  const liveModels = createLiveModels({ agents, credentials, registry, probe: access.probe, clock, log });
  const own = { allowedHosts, ownLogins, keptProviders, loginPath, programFolders, mcp, given };
  return { ...added, ...own, agents, checks, liveModels, agentRegistry, isEverywhere };
}
