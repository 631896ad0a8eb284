import type { Params } from '../../../../shared/contract/methods.ts';
import { isSendable } from '../../../../shared/credentials/sendable.ts';
import type { CredentialView } from '../../../../shared/model/credential.ts';
import type { LiveModels } from '../../../../shared/model/live-models.ts';
import type { Clock } from '../../../node/clock.ts';
import type { CredentialService } from '../../credentials/credential-service.ts';
import type { Answer } from '../../credentials/liveness/classify.ts';
import type { Probe } from '../../credentials/liveness/probe.ts';
import { decideTarget } from '../../credentials/liveness/target.ts';
import type { Provider } from '../../providers/provider.ts';
import type { ProviderRegistry } from '../../providers/registry.ts';
import type { LogWriter } from '../../storage/logs/log-store.ts';
import type { AgentService } from '../agent-service.ts';
import { parseModelList } from './parse.ts';

/** Milliseconds for which a list is good. */
export const LIVE_MODELS_CACHE_MS = 5 * 60_000;
/** Milliseconds for which no list is taken for no list. */
export const NO_LIST_CACHE_MS = 15_000;
/** The longest list known has half a megabyte. */
export const MAX_LIST_BYTES = 4 * 1024 * 1024;
/** More than a user switches between. */
const MAX_CACHED = 50;

export type LiveModelsService = ReturnType<typeof createLiveModels>;

type Asked = Extract<LiveModels, { state: 'listed' | 'could-not-check' }>;

/**
 * The models that an agent's provider itself lists. Asked as whether a credential is alive is asked: with the very value
 * that a session would get, in the header alone, at the registry's address or the user's own endpoint, bounded, and
 * without following a redirect.
 */
export function createLiveModels(options: {
  agents: Pick<AgentService, 'view' | 'credentialsOf'>;
  credentials: Pick<CredentialService, 'readValues'>;
  registry: Pick<ProviderRegistry, 'get'>;
  probe: Probe;
  clock: Pick<Clock, 'now'>;
  log: LogWriter;
}) {
  const { agents, credentials, registry, probe, clock, log } = options;
  const cache = new Map<string, Asked>();
  const asking = new Map<string, Promise<Asked>>();

  const fresh = (key: string): Asked | undefined => {
    const known = cache.get(key);
    if (known === undefined) return undefined;
    const lifetime = known.state === 'listed' ? LIVE_MODELS_CACHE_MS : NO_LIST_CACHE_MS;
    return clock.now() - known.checkedAt < lifetime ? known : undefined;
  };

  const ask = async (providerId: string, entries: readonly CredentialView[]): Promise<Asked> => {
    const values = await credentials.readValues({ state: 'resolved', entries: [...entries] });
    // The provider as it is now, after the keychain took its time.
    const provider = registry.get(providerId);
    const outcome = await outcomeOf(provider, { entries, values, probe });
    const told =
      outcome.state === 'listed' ? `${outcome.models.length} models` : `${outcome.state} (${outcome.reason})`;
    const level = outcome.state === 'listed' ? 'info' : 'warn';
    log.write({ level, source: 'models', message: `${providerId}: ${told}` });
    return { ...outcome, providerId, checkedAt: clock.now() };
  };

  const askOnce = (key: string, providerId: string, entries: readonly CredentialView[]): Promise<Asked> => {
    const running = asking.get(key);
    if (running !== undefined) return running;
    const asked = ask(providerId, entries)
      .then((answer) => {
        cache.delete(key);
        cache.set(key, answer);
        const [oldest] = cache.keys();
        if (cache.size > MAX_CACHED && oldest !== undefined) cache.delete(oldest);
        return answer;
      })
      .finally(() => asking.delete(key));
    asking.set(key, asked);
    return asked;
  };

  return {
    /**
     * An answer of the last five minutes is not asked for again, unless `fresh`.
     * @throws PerchError AGENT_UNKNOWN, CREDENTIAL_UNREADABLE, KEYCHAIN_*
     */
    async list({ agentId, projectDir, fresh: anew }: Params<'agents.liveModels'>): Promise<LiveModels> {
      const { providerId } = agents.view(agentId, projectDir).effective;
      if (providerId === undefined) return { state: 'no-credential' };
      const provider = registry.get(providerId);
      if (provider.modelList === undefined) return { state: 'not-offered', providerId };
      const entries = agents.credentialsOf(agentId, projectDir);
      if (entries.length === 0 && provider.credentialRequired) return { state: 'no-credential' };
      // Another value or another address is another key.
      const stamps = entries.map(({ credentialId, updatedAt }) => [credentialId, updatedAt]);
      const key = JSON.stringify([providerId, provider.override ?? null, stamps]);
      return (anew === true ? undefined : fresh(key)) ?? (await askOnce(key, providerId, entries));
    },
  };
}

type Failed = Pick<Extract<Asked, { state: 'could-not-check' }>, 'state' | 'reason' | 'status' | 'cause'>;
type Outcome = Pick<Extract<Asked, { state: 'listed' }>, 'state' | 'models'> | Failed;

const failed = (reason: Failed['reason'], answer: Pick<Failed, 'status' | 'cause'> = {}): Failed => ({
  state: 'could-not-check',
  reason,
  ...answer,
});

async function outcomeOf(
  provider: Provider,
  { entries, values, probe }: { entries: readonly CredentialView[]; values: ReadonlyMap<string, string>; probe: Probe },
): Promise<Outcome> {
  const isSecret = ({ variable }: CredentialView) =>
    provider.variables.some(({ name, kind }) => name === variable && kind !== 'plain');
  const variable = entries.find(isSecret)?.variable;
  const value = variable === undefined ? undefined : values.get(variable);
  if (variable === undefined || value === undefined) {
    const url = provider.requestUrl('modelList', values);
    return url === undefined ? failed('incomplete') : send(url, provider.headers);
  }
  const target = decideTarget(provider, 'modelList', { variable, values });
  if (target.kind === 'not-askable') return failed(target.reason);
  return isSendable(value) ? send(target.url, target.headersFor(value)) : failed('not-sendable');

  async function send(url: string, headers: Readonly<Record<string, string>>): Promise<Outcome> {
    const answer = await probe({ url, headers, needsBody: (status) => status === 200, maxBytes: MAX_LIST_BYTES });
    return outcomeOfAnswer(answer, provider);
  }
}

function outcomeOfAnswer(answer: Answer, { modelList }: Provider): Outcome {
  switch (answer.kind) {
    case 'timeout':
      return failed('timeout');
    case 'unreachable':
      return failed('unreachable', { cause: answer.cause });
    case 'answered': {
      const { status, body } = answer;
      const models = status === 200 && modelList !== undefined ? parseModelList(body, modelList) : undefined;
      return models === undefined ? failed(reasonOf(status), { status }) : { state: 'listed', models };
    }
  }
}

function reasonOf(status: number) {
  if (status >= 500) return 'trouble';
  if (status === 429) return 'rate';
  if (status === 401) return 'refused';
  if (status === 403) return 'permissions';
  if (status >= 400) return 'not-understood';
  return status >= 300 ? 'redirect' : 'not-understood';
}
