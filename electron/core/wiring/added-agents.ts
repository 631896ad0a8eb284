import github from '../../../resources/github.json' with { type: 'json' };
import { createLooksSecret } from '../../../shared/redaction/looks-secret.ts';
import { createRedactor } from '../../../shared/redaction/redactor.ts';
import type { RedactionShape } from '../../../shared/redaction/shapes.ts';
import type { IsRouting } from '../../../shared/variables/routing.ts';
import type { Clock } from '../../node/clock.ts';
import { type AgentCatalog, createAgentCatalog } from '../agents/catalog.ts';
import { type AgentImport, createAgentImport } from '../agents/import/agent-import-service.ts';
import { createGitHub } from '../agents/import/github.ts';
import type { Agent } from '../agents/schema.ts';
import { createUserAgents, type UserAgents } from '../agents/users/user-agent-service.ts';
import { createUserAgentStore } from '../agents/users/user-agent-store.ts';
import type { Fetch } from '../network/fetch.ts';
import type { HostPaths } from '../ports.ts';
import { createDeclarations, type DeclarationService } from '../projects/declared/declaration-service.ts';
import type { Judgement } from '../projects/declared/read.ts';
import { createTrustStore } from '../projects/declared/trust-store.ts';
import type { ProviderRegistry } from '../providers/registry.ts';
import type { Database } from '../storage/database/database.ts';

export interface AddedAgents {
  readonly userAgents: UserAgents;
  readonly declarations: DeclarationService;
  readonly catalog: AgentCatalog;
  readonly agentImport: AgentImport;
}

/** The agents that Perch does not bring along: the user's own, and those that folders declare. */
export function openAddedAgents(options: {
  database: Database;
  clock: Clock;
  paths: HostPaths;
  scratchDir: string;
  builtIns: readonly Agent[];
  registry: ProviderRegistry;
  isRouting: IsRouting;
  isCredential: (name: string) => boolean;
  /** The shapes of secrets. */
  shapes: readonly RedactionShape[];
  onInvalid: (agentId: string) => void;
  fetch: Fetch;
  /** A secret that the user keeps in Perch. */
  kept: (name: string, projectDir: string) => Promise<string | undefined>;
}): AddedAgents {
  const { database, clock, builtIns, registry, isRouting, isCredential } = options;
  const byShape = createRedactor({ shapes: options.shapes });
  const looksSecret = createLooksSecret((text) => byShape.redact(text) !== text);
  const store = createUserAgentStore({ database, clock, onInvalid: options.onInvalid });
  const userAgents = createUserAgents({
    store,
    builtIns,
    provider: registry.get,
    names: { isRouting, isCredential },
    looksSecret,
  });
  const isBase = (agentId: string) => builtIns.some((agent) => agent.agentId === agentId);
  const judgement = (): Judgement => ({
    isAgentTaken: (agentId) => isBase(agentId) || store.list().some((one) => one.agentId === agentId),
    providersOf: (base) =>
      builtIns.find((agent) => agent.agentId === base)?.providers.map(({ providerId }) => providerId),
    isProvider: registry.has,
    isRouting,
    isCredential,
    looksSecret,
  });
  const declarations = createDeclarations({
    trust: createTrustStore({ database, clock }),
    judgedBy: store.list,
    judgement,
    scratchDir: options.scratchDir,
    // The runner is started on this machine, wherever its window is.
    coreIsLocal: true,
  });
  const catalog = createAgentCatalog({
    context: {
      builtIns,
      nodeExecutable: options.paths.nodeExecutable,
      provider: (providerId) => (registry.has(providerId) ? registry.get(providerId) : undefined),
    },
    users: store.list,
    problemOf: store.problem,
    declaredIn: (projectDir) => ({
      file: declarations.view(projectDir)?.file ?? '',
      agents: declarations.inEffect(projectDir).agents,
    }),
  });
  const agentImport = createAgentImport({
    readFile: createGitHub({ fetch: options.fetch, clock, api: github.api }),
    token: () => options.kept(github.tokenVariable, options.scratchDir),
    judgement,
    userAgents,
  });
  return { userAgents, declarations, catalog, agentImport };
}
