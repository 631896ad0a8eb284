import { assertNever } from '../../../shared/assert-never.ts';
import type { CredentialStorage, CredentialView, Scope } from '../../../shared/model/credential.ts';

/** Where a session runs. An absent part matches no scope of that kind. */
export interface ChainContext {
  readonly agentId?: string | undefined;
  readonly projectDir?: string | undefined;
}

interface Wanted extends ChainContext {
  readonly providerId: string;
  readonly variable: string;
  /** Absent: the one without a name. An account is never answered with another one. */
  readonly account?: string | undefined;
}

/** The part of a credential that the chain looks at. `declared` credentials are named by the project itself. */
export interface Link extends Pick<CredentialView, 'providerId' | 'variable' | 'account' | 'scope' | 'status'> {
  readonly storage: CredentialStorage | 'declared';
}

/** The user's own credentials come first, then those of this run only, then declared ones. */
const ORDER: Readonly<Record<Link['storage'], number>> = { keychain: 20, 'session-only': 10, declared: 0 };

/** A higher number is more specific; undefined when the scope does not reach this context. */
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

/** The credentials for one variable, best first: by their kind, each from the most specific scope to the widest. */
export function candidates<L extends Link>(credentials: readonly L[], wanted: Wanted): L[] {
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

function rankOf({ scope, storage }: Link, context: ChainContext): number | undefined {
  const specific = specificity(scope, context);
  return specific === undefined ? undefined : ORDER[storage] + specific;
}

/**
 * The one in effect. An expired one gives way to any that is not; among expired ones the best is named. An unreadable
 * one is not skipped in silence for a wider one, which may be another account; it only
 * gives way to one of this session that was entered for this place or a narrower one: the way out of a broken keychain.
 */
export function inEffect<L extends Link>(credentials: readonly L[], wanted: Wanted): L | undefined {
  const all = candidates(credentials, wanted);
  const [best, ...others] = all.filter(isCurrent);
  if (best === undefined) return all[0];
  if (best.status !== 'unreadable') return best;
  const reach = specificity(best.scope, wanted) ?? 0;
  const instead = others.find(
    (other) => other.storage === 'session-only' && (specificity(other.scope, wanted) ?? 0) >= reach,
  );
  return instead ?? best;
}

/**
 * The account of a user who chose none: the account without a name, or the only one. Among several named ones Perch
 * does not guess.
 */
export function accountInEffect(
  credentials: readonly Link[],
  place: ChainContext & { readonly providerId: string; readonly variables: readonly string[] },
): string | undefined {
  const reaching = credentials.filter(
    ({ providerId, variable, scope }) =>
      providerId === place.providerId && place.variables.includes(variable) && specificity(scope, place) !== undefined,
  );
  const names = new Set(reaching.map(({ account }) => account));
  return names.size === 1 ? [...names][0] : undefined;
}

/**
 * The first alternative of which every variable is there, with its credentials; one in which nothing is expired goes
 * before one in which something is. Undefined when none is complete.
 */
export function firstComplete<L extends Link>(
  accepted: readonly (readonly string[])[],
  find: (variable: string) => L | undefined,
): L[] | undefined {
  const complete = accepted.flatMap((alternative) => {
    const found = alternative.map(find).filter((credential) => credential !== undefined);
    return found.length === alternative.length ? [found] : [];
  });
  return complete.find((found) => found.every(isCurrent)) ?? complete[0];
}

function isCurrent({ status }: Link): boolean {
  return status !== 'expired';
}
