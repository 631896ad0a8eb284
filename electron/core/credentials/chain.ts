import { assertNever } from '../../../shared/assert-never.ts';
import type { CredentialView, Scope } from '../../../shared/model/credential.ts';

/** Where a session runs. An absent part matches no scope of that kind. */
export interface ChainContext {
  readonly agentId?: string | undefined;
  readonly projectDir?: string | undefined;
}

export interface Wanted extends ChainContext {
  readonly providerId: string;
  readonly variable: string;
  /** Absent: the one without a name. An account is never answered with another one. */
  readonly account?: string | undefined;
}

/** Higher is more specific; undefined: the scope does not reach this context (R10). */
export function specificity(scope: Scope, context: ChainContext): number | undefined {
  switch (scope.kind) {
    case 'agent':
      return scope.agentId === context.agentId ? 3 : undefined;
    case 'project':
      return scope.projectDir === context.projectDir ? 2 : undefined;
    case 'global':
      return 1;
    default:
      return assertNever(scope);
  }
}

/**
 * The credentials for one variable, best first: kept ones before those of this session only (R11), each from the most
 * specific scope to the widest.
 */
export function candidates(credentials: readonly CredentialView[], wanted: Wanted): CredentialView[] {
  return credentials
    .filter(
      ({ providerId, variable, account }) =>
        providerId === wanted.providerId && variable === wanted.variable && account === wanted.account,
    )
    .flatMap((credential) => {
      const rank = rankOf(credential, wanted);
      return rank === undefined ? [] : [{ credential, rank }];
    })
    .sort((a, b) => b.rank - a.rank)
    .map(({ credential }) => credential);
}

function rankOf(credential: CredentialView, context: ChainContext): number | undefined {
  const specific = specificity(credential.scope, context);
  if (specific === undefined) return undefined;
  return credential.storage === 'keychain' ? 10 + specific : specific;
}

/**
 * The one in effect. An unreadable one is not skipped in silence for a wider one, which may be another account; it only
 * gives way to one of this session that was entered for this place or a narrower one: the way out of a broken keychain.
 */
export function inEffect(credentials: readonly CredentialView[], wanted: Wanted): CredentialView | undefined {
  const [best, ...others] = candidates(credentials, wanted);
  if (best === undefined || best.status !== 'unreadable') return best;
  const reach = specificity(best.scope, wanted) ?? 0;
  const instead = others.find(
    (other) => other.storage === 'session-only' && (specificity(other.scope, wanted) ?? 0) >= reach,
  );
  return instead ?? best;
}

/**
 * The account that is meant when nobody chose: the one without a name, or the only one there is. Among several it is
 * not guessed.
 */
export function accountInEffect(
  credentials: readonly CredentialView[],
  place: ChainContext & { readonly providerId: string; readonly variables: readonly string[] },
): string | undefined {
  const reaching = credentials.filter(
    ({ providerId, variable, scope }) =>
      providerId === place.providerId && place.variables.includes(variable) && specificity(scope, place) !== undefined,
  );
  const names = new Set(reaching.map(({ account }) => account));
  return names.size === 1 ? [...names][0] : undefined;
}

/** The first alternative of which every variable is there, with its credentials; undefined when none is complete. */
export function firstComplete(
  accepted: readonly (readonly string[])[],
  find: (variable: string) => CredentialView | undefined,
): CredentialView[] | undefined {
  for (const alternative of accepted) {
    const found = alternative.map(find).filter((credential) => credential !== undefined);
    if (found.length === alternative.length) return found;
  }
  return undefined;
}
