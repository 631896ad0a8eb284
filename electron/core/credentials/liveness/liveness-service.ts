import type { Params, Result } from '../../../../shared/contract/methods.ts';
import { isSendable } from '../../../../shared/credentials/sendable.ts';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import { createListeners } from '../../../../shared/listeners.ts';
import type { CredentialView } from '../../../../shared/model/credential.ts';
import type { LivenessReport } from '../../../../shared/model/liveness.ts';
import type { Clock } from '../../../node/clock.ts';
import type { Provider } from '../../providers/provider.ts';
import type { ProviderRegistry } from '../../providers/registry.ts';
import type { LogWriter } from '../../storage/logs/log-store.ts';
import { inEffect } from '../chain.ts';
import type { CredentialService } from '../credential-service.ts';
import { classify, type Finding, needsBody } from './classify.ts';
import type { Probe } from './probe.ts';
import { decideTarget } from './target.ts';
import { createVerdicts } from './verdicts.ts';

export interface LivenessService {
  /**
   * Asks the provider with exactly the value that a session would get.
   * @throws PerchError NOT_FOUND, CREDENTIAL_UNREADABLE, KEYCHAIN_*
   */
  check(params: Params<'credentials.check'>): Promise<Result<'credentials.check'>>;
  /**
   * The last verdicts on one alternative, at once and without asking; nothing of those on which there is none. They
   * may be old: `ensure` asks again.
   */
  known(entries: readonly CredentialView[]): LivenessReport[];
  /**
   * Verdicts on one alternative that are no older than LIVENESS_CACHE_MS, asking where there is none. Variables that
   * are no secret have none. `values`, by variable: those of a session that is being prepared; absent: they are read.
   * @throws PerchError CREDENTIAL_UNREADABLE, KEYCHAIN_*
   */
  ensure(entries: readonly CredentialView[], values?: ReadonlyMap<string, string>): Promise<LivenessReport[]>;
  /**
   * The provider refused these to the agent that holds them. It counts as its answer until it is asked again: a key
   * that may list models need not be good for using them.
   */
  refusedInUse(entries: readonly CredentialView[]): void;
  /** Called after a verdict came that says another thing than the one before. */
  onChange(listener: () => void): () => void;
}

/** A question to a provider: the credential, the ones that it is used with, and its value if it was already read. */
interface Question {
  readonly credential: CredentialView;
  readonly companions: readonly CredentialView[];
  readonly values?: ReadonlyMap<string, string> | undefined;
}

export function createLivenessService(options: {
  credentials: Pick<CredentialService, 'list' | 'readValues'>;
  registry: Pick<ProviderRegistry, 'get'>;
  probe: Probe;
  clock: Pick<Clock, 'now'>;
  log: LogWriter;
  /** The provider refuses a value that it was not known to refuse. */
  onRejected?: (credential: CredentialView) => void;
}): LivenessService {
  const { credentials, registry, probe, clock, log } = options;
  const verdicts = createVerdicts(clock);
  const listeners = createListeners();

  const tellChange = () => {
    listeners.notify();
  };

  const read = async (entries: readonly CredentialView[]) =>
    await credentials.readValues({ state: 'resolved', entries: [...entries] });

  /**
   * The provider's variables that are no secret: those of the same alternative, otherwise as the credential's own scope
   * sees them.
   */
  const plainEntries = ({ credential: { providerId, scope, account }, companions }: Question): CredentialView[] => {
    const context = {
      providerId,
      account,
      agentId: scope.kind === 'agent' ? scope.agentId : undefined,
      projectDir: scope.kind === 'project' ? scope.projectDir : undefined,
    };
    const plain = registry.get(providerId).variables.filter(({ kind }) => kind === 'plain');
    const entries = plain.map(
      ({ name }) =>
        companions.find(({ variable }) => variable === name) ??
        inEffect(credentials.list(), { ...context, variable: name }),
    );
    return entries.filter((entry) => entry !== undefined);
  };

  /** Another value or another address is another key. */
  const keyOf = (question: Question): string => {
    const { credential } = question;
    const stamps = [credential, ...plainEntries(question)].map(({ credentialId, updatedAt }) => [
      credentialId,
      updatedAt,
    ]);
    return JSON.stringify([stamps, registry.get(credential.providerId).override ?? null]);
  };

  const find = async (question: Question): Promise<{ key: string; finding: Finding }> => {
    const { credential, values } = question;
    // Also where no provider can be asked: an unreadable value is reported as unreadable.
    const value = (values ?? (await read([credential]))).get(credential.variable) ?? '';
    const plain = await read(plainEntries(question));
    // The endpoint as it is now, after the keychain took its time.
    const provider = registry.get(credential.providerId);
    const target = decideTarget(provider, 'liveness', { variable: credential.variable, values: plain });
    const key = keyOf(question);
    const untold = (reason: Finding['reason']) => ({ key, finding: { verdict: 'could-not-check', reason } as const });
    const { liveness: rules } = provider;
    if (target.kind === 'not-askable') return untold(target.reason);
    if (rules === undefined) return untold('no-request');
    if (!isSendable(value)) return { key, finding: { verdict: 'dead', reason: 'not-sendable' } };
    const headers = target.headersFor(value);
    const answer = await probe({ url: target.url, headers, needsBody: (status) => needsBody(status, rules) });
    return { key, finding: classify(answer, rules) };
  };

  const ask = async (question: Question): Promise<LivenessReport> => {
    const { credential } = question;
    const { key, finding } = await find(question);
    log.write(lineOf(credential, finding));
    const { report, changed } = verdicts.put(key, credential.credentialId, finding);
    verdicts.prune(new Set(credentials.list().map(({ credentialId }) => credentialId)));
    if (changed && report.reason === 'refused') options.onRejected?.(credential);
    if (changed) tellChange();
    return report;
  };

  const questionsOf = (entries: readonly CredentialView[], values?: ReadonlyMap<string, string>): Question[] =>
    entries
      .filter((credential) => !isPlain(registry.get(credential.providerId), credential))
      .map((credential) => ({ credential, companions: entries, values }));

  return {
    async check({ credentialId, fresh = false }) {
      const credential = credentials.list().find((candidate) => candidate.credentialId === credentialId);
      if (credential === undefined) throw new PerchError('NOT_FOUND');
      const question = { credential, companions: [] };
      const known = fresh ? undefined : verdicts.fresh(keyOf(question));
      // A network failure a moment ago says nothing to a user who asks now.
      if (known !== undefined && known.verdict !== 'unknown') return known;
      return await verdicts.once(keyOf(question), () => ask(question));
    },
    known: (entries) => questionsOf(entries).flatMap((question) => verdicts.known(keyOf(question)) ?? []),
    ensure: (entries, values) =>
      Promise.all(
        questionsOf(entries, values).map(async (question) => {
          const key = keyOf(question);
          const known = verdicts.fresh(key);
          return known ?? (await verdicts.once(key, () => ask(question)));
        }),
      ),
    refusedInUse(entries) {
      const refused = { verdict: 'dead', reason: 'refused' } as const;
      const news = questionsOf(entries).map(
        (question) => verdicts.put(keyOf(question), question.credential.credentialId, refused).changed,
      );
      if (news.includes(true)) tellChange();
    },
    onChange(listener) {
      return listeners.add(listener);
    },
  };
}

function isPlain({ variables }: Provider, { variable }: CredentialView): boolean {
  return variables.find(({ name }) => name === variable)?.kind === 'plain';
}

/** Status and classification, and nothing of the request. */
function lineOf(
  { providerId }: CredentialView,
  { verdict, reason, status }: Finding,
): Parameters<LogWriter['write']>[0] {
  const message = `${providerId}: ${verdict} (${reason}${status === undefined ? '' : `, ${status}`})`;
  return { level: verdict === 'alive' ? 'info' : 'warn', source: 'liveness', message };
}
