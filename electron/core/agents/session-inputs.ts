import type { CredentialView } from '../../../shared/model/credential.ts';
import type { HostRule } from '../../../shared/model/sandbox-policy.ts';
import type { IsRouting } from '../../../shared/variables/routing.ts';
import { resolved } from '../../node/look.ts';
import { specificity } from '../credentials/chain.ts';
import type { VariableInEffect } from '../credentials/variables/chain.ts';
import type { VariableService } from '../credentials/variables/variable-service.ts';
import type { LocatedServer } from '../launch/mcp/locate.ts';
import type { McpService } from '../launch/mcp/mcp-service.ts';
import type { NetworkService } from '../network/network-service.ts';
import type { HostPaths } from '../ports.ts';
import { keptPlace } from './added-agent.ts';
import type { AgentLookup } from './agent-lookup.ts';
import { type DeclaredSource, declaredFor, registryOf } from './declared.ts';
import type { AgentCredentials, AgentProviders } from './ports.ts';
import type { Agent } from './schema.ts';
import type { SessionHost } from './session-plan.ts';

export interface SessionInputsOptions {
  readonly paths: HostPaths;
  readonly registry: AgentProviders;
  readonly credentials: Pick<AgentCredentials, 'list'>;
  /** The host's, as it was at start. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The user's own variables. Absent: there are none. */
  readonly variables?: Pick<VariableService, 'inEffect' | 'readSecrets' | 'onChange'>;
  /** Absent: there are no MCP servers. */
  readonly mcp?: Pick<McpService, 'inEffect'>;
  readonly isRouting?: IsRouting;
  /** The hosts that the user allowed such a session. Absent: none. */
  readonly allowedHosts?: (session: { agentId: string; projectDir: string }) => HostRule[];
  /** The proxy and the certificates of the user's network. Absent: there are none. */
  readonly network?: Pick<NetworkService, 'ofSessions' | 'upstream'>;
  /** Absent: the platform of this process. */
  readonly platform?: string;
}

export type SessionInputs = ReturnType<typeof createSessionInputs>;

/** The things that a session of an agent in a folder is planned from; without a folder, in the scratch folder. */
export function createSessionInputs(
  options: SessionInputsOptions & {
    readonly lookup: Pick<AgentLookup, 'all'>;
    readonly declarations: DeclaredSource;
    readonly scratchDir: string;
  },
) {
  const { paths, registry, credentials, environment, lookup, declarations, scratchDir } = options;
  const placeOf = (agent: Agent, projectDir = scratchDir) => keptPlace(agent, projectDir);
  return {
    host: (agent: Agent, projectDir: string | undefined): SessionHost => ({
      paths,
      environment,
      platform: options.platform ?? process.platform,
      registry: registryOf(registry, declarations, projectDir ?? scratchDir),
      agents: lookup.all(projectDir ?? scratchDir),
      declared: declaredFor(agent, { declarations, registry, projectDir: projectDir ?? scratchDir }),
      isRouting: options.isRouting,
      network: options.network?.ofSessions(),
    }),
    /** The user's own variables. */
    variables: (agent: Agent, projectDir: string | undefined): readonly VariableInEffect[] =>
      options.variables?.inEffect(placeOf(agent, projectDir)) ?? [],
    /** Credentials within reach of the session. */
    stored: (agent: Agent, projectDir: string | undefined): CredentialView[] =>
      credentials.list().filter(({ scope }) => specificity(scope, placeOf(agent, projectDir)) !== undefined),
    servers: async (agent: Agent, projectDir: string | undefined): Promise<readonly LocatedServer[]> =>
      (await options.mcp?.inEffect(placeOf(agent, projectDir))) ?? [],
    /** The hosts that the user allowed. */
    allowedHosts: (agent: Agent, projectDir: string | undefined): HostRule[] =>
      options.allowedHosts?.(placeOf(agent, projectDir)) ?? [],
    /** Real paths of the files that Perch runs from. Asked anew for each session: a folder may be laid out anew meanwhile. */
    async installation(): Promise<string[]> {
      const found = await Promise.all([paths.programsDir, ...paths.moduleDirs].map(resolved));
      return found.filter((path) => path !== undefined);
    },
  };
}
