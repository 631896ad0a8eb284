import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { Notice } from '../../../shared/model/notice.ts';
import type { SandboxAvailability } from '../../../shared/model/sandbox-policy.ts';
import type { Clock } from '../../node/clock.ts';
import type { LaunchRequest } from '../launch/launch.ts';
import { keptPlace, keptUnder } from './added-agent.ts';
import { conflictsIn } from './conflicts.ts';
import { type DeclaredSource, declaredFor, livenessOf, registryOf } from './declared.ts';
import { credentialsOf, type ReadReference } from './declared-credentials.ts';
import type { KeptProviders } from './kept-providers.ts';
import type { KnownPrograms } from './known-programs.ts';
import type { OwnLogins } from './login/own-logins.ts';
import type { AgentCredentials, AgentLiveness, AgentProviders, AgentSettingsStore } from './ports.ts';
import type { Agent } from './schema.ts';
import { requestOf, type Situation, situationOf } from './situation.ts';
import { createVerification } from './verified-decision.ts';

/** The wishes of one turn, beside the settings. */
type Asked = Pick<LaunchRequest, 'model' | 'permissionMode'>;

export interface DecidingOptions {
  readonly registry: AgentProviders;
  readonly credentials: AgentCredentials;
  readonly liveness: AgentLiveness;
  readonly settings: AgentSettingsStore;
  /** The host's, as it was at start. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly sandbox: () => SandboxAvailability;
  readonly clock: Clock;
  /** Renews what a session would get and that is about to expire. Absent: nothing is renewed. */
  readonly freshen?: (request: Parameters<AgentCredentials['resolve']>[0]) => Promise<void>;
  /** The providers that agents used before. Absent: none is remembered. */
  readonly keptProviders?: Pick<KeptProviders, 'get' | 'note'>;
  /** Reads the value of a declared reference; without it no reference can be read. */
  readonly readReference?: ReadReference;
}

export type Deciding = ReturnType<typeof createDeciding>;

/** Decides about an agent in a folder from the facts of this moment; without a folder, in the scratch folder. */
export function createDeciding(
  options: DecidingOptions & {
    readonly inventory: Pick<KnownPrograms, 'get'>;
    readonly declarations: DeclaredSource;
    readonly ownLogins: Pick<OwnLogins, 'state'>;
    readonly scratchDir: string;
  },
) {
  const { registry, credentials, liveness, settings, environment, clock, keptProviders } = options;
  const { inventory, declarations, ownLogins, scratchDir } = options;
  const read = options.readReference ?? noReferences;
  const credentialsIn = (projectDir: string) => credentialsOf(credentials, { declarations, read, projectDir });
  const livenessIn = (projectDir: string) => livenessOf(liveness, { declarations, registry, projectDir, clock });

  return {
    decide(agent: Agent, projectDir: string | undefined, asked: Asked = {}): Situation {
      const place = projectDir ?? scratchDir;
      return situationOf({
        agent,
        found: inventory.get(agent, projectDir),
        settings: settings.agent(keptUnder(agent)),
        declared: declaredFor(agent, { declarations, registry, projectDir: place }),
        projectDir: place,
        turnModel: asked.model,
        permissionMode: asked.permissionMode,
        registry: registryOf(registry, declarations, place),
        credentials: credentialsIn(place),
        liveness: livenessIn(place),
        sandbox: options.sandbox(),
        ownLogin: (providerId) => ownLogins.state(agent.agentId, providerId),
        keptProvider: keptProviders?.get(keptPlace(agent, place)),
      });
    },
    /** The other sources that could answer for this session. */
    conflicts: (decided: Situation, projectDir: string | undefined): Notice[] =>
      conflictsIn(decided, {
        projectDir: projectDir ?? scratchDir,
        environment,
        registry,
        credentials,
        ownLogin: (providerId) => ownLogins.state(decided.agent.agentId, providerId),
      }),
    /** Later decisions about the agent there prefer the provider of this one. */
    remember: (agent: Agent, projectDir: string | undefined, decided: Situation): void =>
      keptProviders?.note(keptPlace(agent, projectDir ?? scratchDir), decided),
    /** Renews the credentials that a session of this decision would get, if they are about to expire. */
    async freshen({ agent, effective, settings: { accounts } }: Situation, projectDir: string): Promise<void> {
      const { provider } = effective;
      const providerIds =
        provider.state === 'derived' ? [provider.providerId] : agent.providers.map((one) => one.providerId);
      await Promise.all(
        providerIds.map((providerId) => options.freshen?.(requestOf(agent, { providerId, projectDir, accounts }))),
      );
    },
    verifyingIn: (projectDir: string) =>
      createVerification({ credentials: credentialsIn(projectDir), liveness: livenessIn(projectDir) }),
    /** @throws PerchError REFERENCE_*, KEYCHAIN_* */
    readReference: read,
  };
}

const noReferences: ReadReference = (reference) =>
  Promise.reject(new PerchError('REFERENCE_COULD_NOT_CHECK', { reference }));
