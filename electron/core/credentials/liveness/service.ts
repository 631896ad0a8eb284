import type { Params, Result } from '../../../../shared/contract/methods.ts';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { CredentialView } from '../../../../shared/model/credential.ts';
import type { LogWriter } from '../../logs/log-store.ts';
import type { Clock } from '../../ports.ts';
import type { Provider } from '../../providers/provider.ts';
import type { ProviderRegistry } from '../../providers/registry.ts';
import { inEffect } from '../chain.ts';
import type { CredentialService } from '../service.ts';
import { classify, type Finding, needsBody } from './classify.ts';
import type { Probe } from './probe.ts';
import { decideTarget, isSendable } from './target.ts';

/** Milliseconds for which an answer is good. */
export const LIVENESS_CACHE_MS = 60_000;

export interface LivenessService {
  /**
   * Asks the provider with the very value that a session would get (R19).
   * @throws PerchError NOT_FOUND, CREDENTIAL_UNREADABLE, KEYCHAIN_*
   */
  check(params: Params<'credentials.check'>): Promise<Result<'credentials.check'>>;
}

interface Checked {
  readonly finding: Finding;
  readonly checkedAt: number;
}

export function createLivenessService(options: {
  credentials: Pick<CredentialService, 'list' | 'readValues'>;
  registry: Pick<ProviderRegistry, 'get'>;
  probe: Probe;
  clock: Pick<Clock, 'now'>;
  log: LogWriter;
}): LivenessService {
  const { credentials, registry, probe, clock, log } = options;
  const answers = new Map<string, Checked>();

  const read = async (entries: CredentialView[]) => await credentials.readValues({ state: 'resolved', entries });

  /** The provider's variables that are no secret, as the credential's own scope sees them. */
  const plainValues = async (provider: Provider, { scope }: CredentialView) => {
    const context = {
      providerId: provider.providerId,
      agentId: scope.kind === 'agent' ? scope.agentId : undefined,
      projectDir: scope.kind === 'project' ? scope.projectDir : undefined,
    };
    const plain = provider.variables.filter(({ kind }) => kind === 'plain');
    const entries = plain.map(({ name }) => inEffect(credentials.list(), { ...context, variable: name }));
    return await read(entries.filter((entry) => entry !== undefined));
  };

  const remembered = (key: string) => {
    const now = clock.now();
    for (const [known, { checkedAt }] of answers) if (now - checkedAt >= LIVENESS_CACHE_MS) answers.delete(known);
    return answers.get(key);
  };

  const ask = async (credential: CredentialView, fresh: boolean): Promise<Checked> => {
    // Even where nobody can be asked: a value that cannot be read is said to be so.
    const value = (await read([credential])).get(credential.variable) ?? '';
    const values = await plainValues(registry.get(credential.providerId), credential);
    // The endpoint as it is now, after the keychain took its time.
    const target = decideTarget(registry.get(credential.providerId), credential.variable, values);
    const untold = (reason: Finding['reason']): Checked => ({
      finding: { verdict: 'could-not-check', reason },
      checkedAt: clock.now(),
    });
    if (target.kind === 'not-askable') return untold(target.reason);
    if (!isSendable(value)) return untold('not-sendable');
    const key = JSON.stringify([credential.credentialId, credential.updatedAt, target.url]);
    const known = fresh ? undefined : remembered(key);
    if (known !== undefined) return known;
    const { url, rules } = target;
    const headers = target.headersFor(value);
    const answer = await probe({ url, headers, needsBody: (status) => needsBody(status, rules) });
    const checked = { finding: classify(answer, rules), checkedAt: clock.now() };
    // What the network did a moment ago says nothing of now.
    if (checked.finding.verdict === 'unknown') answers.delete(key);
    else answers.set(key, checked);
    return checked;
  };

  return {
    async check({ credentialId, fresh = false }) {
      const credential = credentials.list().find((candidate) => candidate.credentialId === credentialId);
      if (credential === undefined) throw new PerchError('NOT_FOUND');
      const { finding, checkedAt } = await ask(credential, fresh);
      log.write(lineOf(credential, finding));
      return { credentialId, ...finding, checkedAt };
    },
  };
}

/** Status and classification, and nothing of the request. */
function lineOf(
  { providerId }: CredentialView,
  { verdict, reason, status }: Finding,
): Parameters<LogWriter['write']>[0] {
  const message = `${providerId}: ${verdict} (${reason}${status === undefined ? '' : `, ${status}`})`;
  return { level: verdict === 'alive' ? 'info' : 'warn', source: 'liveness', message };
}
