import { resolve } from 'node:path';
import { assertNever } from '../../../../shared/assert-never.ts';
import type { Params, Result } from '../../../../shared/contract/methods.ts';
import { maskValue } from '../../../../shared/credentials/masking.ts';
import { inspectPaste } from '../../../../shared/credentials/paste.ts';
import { defined } from '../../../../shared/defined.ts';
import { PerchError, toWireError } from '../../../../shared/errors/perch-error.ts';
import type { ImportCandidate, ImportOutcome, ImportSource } from '../../../../shared/model/credential-import.ts';
import type { Clock } from '../../../node/clock.ts';
import type { LoginShell } from '../../machine/login-shell/ask.ts';
import type { Random } from '../../ports.ts';
import type { ProviderRegistry } from '../../providers/registry.ts';
import type { CredentialService } from '../credential-service.ts';
import { type AgentFilePlaces, fromAgentFiles } from './agent-files.ts';
import { fromEnvFile } from './env-file.ts';
import type { Found, Harvest } from './found.ts';
import { createFoundValues, HOLD_MS, type Importable } from './found-values.ts';
import { fromLoginShell } from './login-shell.ts';

export interface CredentialImport {
  /** Looks where the user says, and only then. What cannot be read is a problem in the answer. */
  candidates(params: Params<'credentials.importCandidates'>): Promise<Result<'credentials.importCandidates'>>;
  /** Stores the chosen ones, each with an outcome of its own. One that failed can be tried again while it is held. */
  take(params: Params<'credentials.import'>): Promise<Result<'credentials.import'>>;
  /** Forgets every value at once. */
  dispose(): void;
}

/** Imports credentials that the user has elsewhere: shows them masked, then stores the chosen ones. */
export function createCredentialImport(options: {
  registry: Pick<ProviderRegistry, 'all' | 'list'>;
  credentials: Pick<CredentialService, 'list' | 'set'>;
  masks: { add(value: string): () => void };
  clock: Pick<Clock, 'after'>;
  random: Pick<Random, 'uuid'>;
  places: AgentFilePlaces;
  shell: Pick<LoginShell, 'program' | 'environment'>;
}): CredentialImport {
  const { registry, credentials, clock, random, places } = options;
  const foundValues = createFoundValues(options);

  const look = (source: ImportSource): Promise<Harvest> => {
    switch (source.kind) {
      case 'file':
        return fromEnvFile(absolute(source.path, places.home), registry);
      case 'shell':
        return fromLoginShell({ ...options.shell, clock, random }, registry);
      case 'agents':
        return fromAgentFiles(places, registry);
      default:
        return assertNever(source);
    }
  };

  const toCandidate = (found: Found, account: string | undefined): ImportCandidate => {
    const { providerId, variable, value, source, why } = found;
    const candidateId = random.uuid();
    const importable = why === undefined && variable !== undefined;
    const secret = !isPlain(found, registry);
    if (importable) foundValues.hold(candidateId, { ...found, variable }, { secret });
    return {
      candidateId,
      providerId,
      ...defined({ variable }),
      // An agent's own sign-in is not read at all; of an empty value there is nothing to hide.
      masked: value.trim() === '' ? '' : maskValue(value.trim()),
      source,
      findings: importable && secret ? findings(found, registry) : [],
      alreadyStored: credentials
        .list()
        .filter((stored) => place(stored) === place(found) && stored.account === account)
        .map(({ scope }) => scope),
      importable,
      ...defined({ why, agentId: found.agentId }),
    };
  };

  const store = async (candidateId: string, { twice, params }: Taking): Promise<ImportOutcome> => {
    try {
      const found = foundValues.get(candidateId);
      if (found === undefined) throw new PerchError('IMPORT_CANDIDATE_GONE', { minutes: HOLD_MS / 60_000 });
      const { providerId, variable, value } = found;
      if (twice(found)) throw new PerchError('IMPORT_CHOSEN_TWICE', { variable, providerId });
      const { candidateIds: _, ...place } = params;
      const { credential, replaced } = await credentials.set({ providerId, variable, value, ...place });
      foundValues.forget(candidateId);
      return { outcome: 'stored', candidateId, credential, replaced };
    } catch (error) {
      return { outcome: 'failed', candidateId, error: toWireError(error) };
    }
  };

  return {
    async candidates({ source, account }) {
      const { found, others, problems } = await harvested(() => look(source));
      return {
        candidates: withoutRepeats(found).map((one) => toCandidate(one, account)),
        others,
        problems: [...problems],
      };
    },
    async take(params) {
      const candidateIds = [...new Set(params.candidateIds)];
      const chosen = candidateIds.flatMap((candidateId) => foundValues.get(candidateId) ?? []);
      const twice = (found: Importable) =>
        chosen.some((other) => place(other) === place(found) && other.value !== found.value);
      const results: ImportOutcome[] = [];
      for (const candidateId of candidateIds) results.push(await store(candidateId, { twice, params }));
      return { results };
    },
    dispose: () => foundValues.forgetAll(),
  };
}

interface Taking {
  /** True when another chosen value would end up in the same place: Perch does not guess which one is meant. */
  readonly twice: (found: Importable) => boolean;
  readonly params: Params<'credentials.import'>;
}

async function harvested(look: () => Promise<Harvest>): Promise<Harvest> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof PerchError)) throw error;
    return { found: [], others: 0, problems: [toWireError(error)] };
  }
}

/** A single file of several with the same value under the same name is enough. */
function withoutRepeats(found: readonly Found[]): Found[] {
  const seen = new Map<string, Found>();
  for (const each of found) {
    const key = JSON.stringify([place(each), each.value, each.why === 'login' ? each.source : '']);
    if (!seen.has(key)) seen.set(key, each);
  }
  return [...seen.values()];
}

function place({ providerId, variable }: Pick<Found, 'providerId' | 'variable'>): string {
  return `${providerId} ${variable ?? ''}`;
}

function findings({ providerId, variable, value }: Found, registry: Pick<ProviderRegistry, 'list'>) {
  const providers = registry.list();
  const provider = providers.find((other) => other.providerId === providerId);
  return provider === undefined ? [] : [...inspectPaste(value, { provider, providers, variable }).findings];
}

function isPlain({ providerId, variable }: Found, registry: Pick<ProviderRegistry, 'all'>): boolean {
  const variables = registry.all().find((provider) => provider.providerId === providerId)?.variables ?? [];
  return variables.some(({ name, kind }) => name === variable && kind === 'plain');
}

function absolute(path: string, home: string): string {
  const text = path.trim();
  return text === '~' || text.startsWith('~/') ? resolve(home, text.slice(2)) : resolve(home, text);
}
