import { defined } from '../../../shared/defined.ts';
import type { SandboxPolicy } from '../../../shared/model/sandbox-policy.ts';
import type { IsRouting } from '../../../shared/variables/routing.ts';
import { ensureDirectory } from '../../node/ensure-directory.ts';
import type { VariableService } from '../credentials/variables/variable-service.ts';
import type { Launch, LaunchRequest } from '../launch/launch.ts';
import { readDeclared } from '../launch/session-env/declared-variables.ts';
import { environmentNames } from '../launch/session-env/environment-names.ts';
import { type EnvironmentPlan, resolveEnvironment } from '../launch/session-env/plan.ts';
import type { NetworkService } from '../network/network-service.ts';
import type { HostPaths } from '../ports.ts';
import { furnishedWorktree, worktreeOf } from '../projects/worktrees/of-session.ts';
import { keptUnder } from './added-agent.ts';
import type { AgentLookup } from './agent-lookup.ts';
import type { Deciding } from './deciding.ts';
import type { KnownPrograms } from './known-programs.ts';
import type { OwnLogins } from './login/own-logins.ts';
import { type PreparedLogin, prepareLogin, wayOf } from './login/prepare.ts';
import { permissionModeOf, turnRules } from './permission-mode.ts';
import type { AgentProviders, AgentSettingsStore } from './ports.ts';
import type { SessionInputs } from './session-inputs.ts';
import { planSession, providerIdOf } from './session-plan.ts';
import { sessionCredentials, verifiedNotices } from './verified-decision.ts';

export type LoginRequest = { agentId: string } & ({ wayId: string } | { args: readonly string[] });

/** Prepares the start of an agent's programs: of a session, and of its own login. */
export function createLaunching(options: {
  lookup: Pick<AgentLookup, 'get'>;
  inventory: Pick<KnownPrograms, 'confirm' | 'ensure'>;
  deciding: Deciding;
  inputs: SessionInputs;
  settings: Pick<AgentSettingsStore, 'agent'>;
  registry: Pick<AgentProviders, 'get'>;
  ownLogins: Pick<OwnLogins, 'confirm' | 'signIns'>;
  paths: HostPaths;
  isRouting: IsRouting;
  variables: Pick<VariableService, 'readSecrets'> | undefined;
  network: Pick<NetworkService, 'upstream'> | undefined;
}) {
  const { lookup, inventory, deciding, inputs, settings, registry, ownLogins, paths, isRouting, network } = options;

  /** Asks for the password of the user's proxy only when the session goes through Perch's own. */
  async function upstreamOf({ network: { kind } }: SandboxPolicy): Promise<Pick<Launch, 'upstreamProxy'>> {
    const upstreamProxy = kind === 'proxy' ? await network?.upstream() : undefined;
    return upstreamProxy === undefined ? {} : { upstreamProxy };
  }

  function namesOf(environment: EnvironmentPlan, variables: ReturnType<SessionInputs['variables']>) {
    const names = environmentNames(environment, isRouting);
    const own = new Set(names.filter(({ kind }) => kind === 'variable').map(({ name }) => name));
    return {
      secretNames: environment.set.filter(({ secret }) => secret).map(({ name }) => name),
      variables: variables.map(({ variable }) => variable).filter(({ name }) => own.has(name)),
      environmentNames: names,
    };
  }

  return {
    /**
     * Asks the provider about the credential unless it was asked within the last minute.
     * @throws PerchError with the very refusal that the view shows, CREDENTIAL_UNREADABLE, KEYCHAIN_*
     */
    async prepareLaunch({ agentId, projectDir, ...asked }: LaunchRequest): Promise<Launch> {
      const agent = lookup.get(agentId, projectDir);
      const agentSettings = settings.agent(keptUnder(agent));
      const mode = permissionModeOf(agent, { settings: agentSettings, asked: asked.permissionMode });
      const found = await inventory.confirm(agent, projectDir);
      await ownLogins.confirm(agentId);
      const installation = await inputs.installation();
      await deciding.freshen(deciding.decide(agent, projectDir, asked), projectDir);
      const verify = deciding.verifyingIn(projectDir);
      const { decided, values, reports } = await verify(() => deciding.decide(agent, projectDir, asked));
      // A model for one turn says nothing of the next.
      if (asked.model === undefined) deciding.remember(agent, projectDir, decided);
      const variables = inputs.variables(agent, projectDir);
      const secrets = (await options.variables?.readSecrets(variables)) ?? new Map<string, string>();
      const plan = planSession(decided, found, {
        host: inputs.host(agent, projectDir),
        variables,
        stored: inputs.stored(agent, projectDir),
        servers: await inputs.servers(agent, projectDir),
        workingDirectory: projectDir,
        worktree: furnishedWorktree(projectDir, paths),
        installation,
        signIns: ownLogins.signIns(agentId),
        allowedHosts: inputs.allowedHosts(agent, projectDir),
      });
      const { environment, policy, defaultRules } = plan;
      const declared = await readDeclared(environment, (reference) => deciding.readReference(reference, projectDir));
      ensureDirectory(policy.state.hostPath);
      const providerId = providerIdOf(decided);
      return {
        launch: plan.launch,
        ...(await upstreamOf(policy)),
        environment: resolveEnvironment(environment, new Map([...values, ...secrets, ...declared])),
        policy,
        ...defined({ defaultRules }),
        credentials: sessionCredentials(decided),
        ...namesOf(environment, variables),
        ...(providerId === undefined ? {} : { providerId, providerName: registry.get(providerId).name }),
        auth: decided.effective.auth,
        notices: [
          ...plan.notices,
          ...verifiedNotices(decided, reports, registry),
          ...deciding.conflicts(decided, projectDir),
        ],
        rules: turnRules(agent, { settings: agentSettings, mode }),
        ...(agent.takesInstructions || !agentSettings.instructions ? {} : { instructions: agentSettings.instructions }),
        fingerprint: plan.fingerprint,
      };
    },
    /**
     * Prepares the program that signs the agent in, or with `args` the one that reports its login.
     * @throws PerchError AGENT_UNKNOWN, LOGIN_UNKNOWN, AGENT_NOT_INSTALLED
     */
    async prepareLogin(request: LoginRequest): Promise<PreparedLogin> {
      const agent = lookup.get(request.agentId, undefined);
      const way = 'wayId' in request ? wayOf(agent, request.wayId) : undefined;
      const found = await inventory.confirm(agent, undefined);
      const installation = await inputs.installation();
      const args = 'wayId' in request ? (way?.args ?? []) : request.args;
      const host = inputs.host(agent, undefined);
      return prepareLogin(deciding.decide(agent, undefined), found, { host, installation, args, way });
    },
    /** The policy that isolates a session started now. @throws PerchError AGENT_UNKNOWN, AGENT_NOT_INSTALLED */
    async policy({ agentId, projectDir }: LaunchRequest): Promise<SandboxPolicy> {
      const agent = lookup.get(agentId, projectDir);
      const found = await inventory.ensure(agent, projectDir);
      return planSession(deciding.decide(agent, projectDir), found, {
        host: inputs.host(agent, projectDir),
        variables: inputs.variables(agent, projectDir),
        stored: inputs.stored(agent, projectDir),
        servers: await inputs.servers(agent, projectDir),
        workingDirectory: projectDir,
        worktree: worktreeOf(projectDir, paths),
        installation: await inputs.installation(),
        signIns: ownLogins.signIns(agentId),
        allowedHosts: inputs.allowedHosts(agent, projectDir),
      }).policy;
    },
  };
}
