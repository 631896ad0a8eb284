import { join, resolve } from 'node:path';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import { createListeners } from '../../../../shared/listeners.ts';
import {
  DECLARATION_FILE,
  type DeclarationContent,
  type DeclarationProblem,
  type DeclarationView,
} from '../../../../shared/model/declaration.ts';
import { realOrSame } from '../../../node/paths.ts';
import type { TextFile } from '../../../node/read-text-file.ts';
import { actsOf, isInEffect, originConsent } from './consent.ts';
import { createFolderFiles } from './folder-file.ts';
import { type Declared, type Judgement, NOTHING_DECLARED, readDeclaration } from './read.ts';
import type { TrustStore } from './trust-store.ts';

export interface DeclarationService {
  /** The view of the folder's file; undefined when it has none, or when it is no folder to work in. */
  view(projectDir: string): DeclarationView | undefined;
  /** The declarations in effect there now, never more than the file says at this moment. */
  inEffect(projectDir: string): Declared;
  /** True when the user confirmed that this provider's credential may go there. */
  isConfirmed(projectDir: string, endpoint: { providerId: string; baseUrl: string }): boolean;
  /**
   * With what the user was shown: `stamp` is that view's.
   * @throws PerchError NOT_FOUND without a file, DECLARATION_CHANGED, DECLARATION_INVALID
   */
  trust(request: { projectDir: string; stamp: string }): DeclarationView;
  distrust(projectDir: string): void;
  /** @throws PerchError NOT_FOUND when the file in effect does not name this origin */
  confirmEndpoint(request: { projectDir: string; providerId: string; origin: string }): DeclarationView;
  /** Forgets every answer of the user about the folder. */
  forget(projectDir: string): void;
  /** Called after the user decided something about a folder. */
  onChange(listener: (projectDir: string) => void): () => void;
}

type Read = { readonly declared: Declared } | { readonly problems: readonly DeclarationProblem[] };

/** The declarations in the `perch.toml` of folders, and the user's answers about them. Nothing of a file is stored. */
export function createDeclarations(options: {
  trust: TrustStore;
  /** Asked anew for each reading: the user's own agents are part of it. */
  judgement: () => Judgement;
  /** Changes whenever the judgement does. */
  judgedBy: () => unknown;
  scratchDir: string;
  coreIsLocal: boolean;
}): DeclarationService {
  const { trust, scratchDir, coreIsLocal } = options;
  const fileOf = createFolderFiles();
  const reads = new Map<string, { readonly stamp: string; readonly judgedBy: unknown; readonly read: Read }>();
  const listeners = createListeners<[projectDir: string]>();
  const changed = (directory: string) => {
    listeners.notify(directory);
  };
  const directoryOf = (projectDir: string) => realOrSame(resolve(projectDir));

  function readOf(directory: string, file: Exclude<TextFile, { kind: 'absent' }>): Read {
    if (file.kind === 'unreadable') return { problems: [{ line: 1, column: 1, reason: file.reason, values: {} }] };
    const before = reads.get(directory);
    const judgedBy = options.judgedBy();
    if (before?.stamp === file.stamp && before.judgedBy === judgedBy) return before.read;
    const read = readDeclaration(file.text, options.judgement());
    reads.set(directory, { stamp: file.stamp, judgedBy, read });
    return read;
  }

  /** Undefined: there is nothing to speak of. */
  function standingOf(directory: string) {
    const contextEstablished = directory !== directoryOf(scratchDir);
    const file = contextEstablished ? fileOf(directory) : ({ kind: 'absent' } as const);
    if (file.kind === 'absent') return undefined;
    const read = readOf(directory, file);
    const decision = trust.decision(directory);
    const acts = 'declared' in read ? actsOf(read.declared) : [];
    const agreed = trust.consents(directory, 'act');
    const news = decision === 'trusted' ? acts.filter((act) => !agreed.has(act)) : [];
    const standing = {
      coreIsLocal,
      contextEstablished,
      filePresent: 'declared' in read,
      trusted: decision === 'trusted' && news.length === 0,
    };
    return { file, read, decision, acts, news, inEffect: isInEffect(standing) };
  }

  function isConfirmed(projectDir: string, { providerId, baseUrl }: { providerId: string; baseUrl: string }): boolean {
    return trust.consents(directoryOf(projectDir), 'origin').has(originConsent(providerId, baseUrl));
  }

  function view(projectDir: string): DeclarationView | undefined {
    const directory = directoryOf(projectDir);
    const now = standingOf(directory);
    if (now === undefined) return undefined;
    const { read, file, news } = now;
    const common = { projectDir: directory, file: join(directory, DECLARATION_FILE), stamp: file.stamp, news };
    if ('problems' in read) return { ...common, state: 'invalid', problems: [...read.problems] };
    return {
      ...common,
      state: stateOf(now),
      problems: [],
      content: contentOf(read.declared, (endpoint) => isConfirmed(directory, endpoint)),
    };
  }

  return {
    view,
    inEffect(projectDir) {
      const now = standingOf(directoryOf(projectDir));
      return now?.inEffect && 'declared' in now.read ? now.read.declared : NOTHING_DECLARED;
    },
    isConfirmed,
    trust({ projectDir, stamp }) {
      const directory = directoryOf(projectDir);
      const now = standingOf(directory);
      if (now === undefined) throw new PerchError('NOT_FOUND');
      if (now.file.stamp !== stamp) throw new PerchError('DECLARATION_CHANGED', { directory });
      if ('problems' in now.read) throw new PerchError('DECLARATION_INVALID', { directory });
      trust.trust(directory, now.acts);
      changed(directory);
      return view(directory) as DeclarationView;
    },
    distrust(projectDir) {
      const directory = directoryOf(projectDir);
      trust.distrust(directory);
      changed(directory);
    },
    confirmEndpoint({ projectDir, providerId, origin }) {
      const directory = directoryOf(projectDir);
      const now = standingOf(directory);
      const baseUrl = now?.inEffect && 'declared' in now.read ? now.read.declared.endpoints.get(providerId) : undefined;
      if (baseUrl === undefined || new URL(baseUrl).origin !== origin) throw new PerchError('NOT_FOUND');
      trust.confirmOrigin(directory, originConsent(providerId, baseUrl));
      changed(directory);
      return view(directory) as DeclarationView;
    },
    forget(projectDir) {
      const directory = directoryOf(projectDir);
      trust.forget(directory);
      changed(directory);
    },
    onChange(listener) {
      return listeners.add(listener);
    },
  };
}

function stateOf({
  inEffect,
  decision,
}: {
  inEffect: boolean;
  decision: ReturnType<TrustStore['decision']>;
}): Exclude<DeclarationView['state'], 'invalid'> {
  if (inEffect) return 'in-effect';
  if (decision === 'trusted') return 'changed';
  return decision === 'distrusted' ? 'distrusted' : 'untrusted';
}

function contentOf(
  { agents, models, endpoints, variables, secrets }: Declared,
  isConfirmed: (endpoint: { providerId: string; baseUrl: string }) => boolean,
): DeclarationContent {
  return {
    agents: [...agents],
    models: [...models].map(([agentId, model]) => ({ agentId, model })),
    endpoints: [...endpoints].map(([providerId, baseUrl]) => ({
      providerId,
      baseUrl,
      origin: new URL(baseUrl).origin,
      confirmed: isConfirmed({ providerId, baseUrl }),
    })),
    variables: [...variables].map(([name, value]) => ({ name, value })),
    secrets: [...secrets].map(([name, reference]) => ({ name, reference })),
  };
}
