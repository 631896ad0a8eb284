import type { Notice } from '../../../shared/model/notice.ts';
import type { OwnLoginState } from '../../../shared/model/own-login.ts';
import { specificity } from '../credentials/chain.ts';
import { type ConflictInput, conflictsOf } from '../launch/gate/conflicts.ts';
import { keptPlace } from './added-agent.ts';
import type { AgentCredentials, AgentProviders } from './ports.ts';
import { acceptedAlternatives, type Situation } from './situation.ts';

/** The other sources that could answer for this session. */
export function conflictsIn(
  situation: Situation,
  context: {
    readonly projectDir: string;
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly registry: Pick<AgentProviders, 'get'>;
    readonly credentials: Pick<AgentCredentials, 'list'>;
    readonly ownLogin: (providerId: string) => OwnLoginState | undefined;
  },
): Notice[] {
  const { agent, effective } = situation;
  if (effective.provider.state !== 'derived') return [];
  const { providerId } = effective.provider;
  const { projectDir, environment, registry, credentials } = context;
  const accepted = new Set(acceptedAlternatives(agent, providerId).flat());
  const place = keptPlace(agent, projectDir);
  const signedIn = context.ownLogin(providerId)?.state === 'signed-in';
  return conflictsOf({
    agentName: agent.name,
    providerName: registry.get(providerId).name,
    exported: [...namesForAgent(situation, providerId)].filter((name) => (environment[name] ?? '') !== '').sort(),
    used: usedIn(situation),
    stored: credentials
      .list()
      .filter(
        (one) =>
          one.providerId === providerId && accepted.has(one.variable) && specificity(one.scope, place) !== undefined,
      ),
    ownLogin: signedIn ? (agent.login?.besideCredential ?? 'not-known') : undefined,
  });
}

/** Under which an agent would take a credential of this provider, were it started from a shell. */
function namesForAgent({ agent }: Situation, providerId: string): ReadonlySet<string> {
  const provider = agent.providers.find((one) => one.providerId === providerId);
  return new Set(provider?.credentials.flatMap(({ variables, as }) => [...variables, ...Object.values(as)]));
}

function usedIn({ resolution }: Situation): ConflictInput['used'] {
  switch (resolution?.state) {
    case 'resolved':
    case 'unreadable':
      return { kind: 'credentials', entries: resolution.entries };
    case 'own-login':
      return { kind: 'own-login' };
    case 'missing':
    case 'expired':
      return { kind: 'missing' };
    case 'not-needed':
    case undefined:
      return { kind: 'nothing' };
  }
}
