import type { CredentialView } from '../../../../shared/model/credential.ts';
import type { EnvironmentPlan } from './plan.ts';

const DENIED = 'reason.denied-managed';
const UNSET = 'reason.unset-managed';

/**
 * A plan without any known credential variable, wherever it comes from: stored in any scope, set as a variable of the
 * user's, exported by the host, or held by an earlier session.
 */
export function withoutCredentials(
  plan: EnvironmentPlan,
  {
    stored,
    knownCredentialVariables: known,
  }: { stored: readonly CredentialView[]; knownCredentialVariables: ReadonlySet<string> },
): EnvironmentPlan {
  const isCredential = ({ name }: { readonly name: string }) => known.has(name.toUpperCase());
  const ofStored = new Set(stored.map(({ variable }) => variable));
  const denied = [
    ...plan.denied.map((one) => (isCredential(one) ? { ...one, reason: DENIED } : one)),
    ...[...ofStored].map((name) => ({ name, source: 'credential' as const, reason: DENIED })),
  ];
  const stay = plan.unset.filter((one) => !isCredential(one));
  const gone = new Set([...plan.unset, ...denied].filter(isCredential).map(({ name }) => name));
  const unset = [...stay, ...[...gone].sort().map((name) => ({ name, reason: UNSET }))];
  return { set: plan.set.filter((one) => !isCredential(one)), unset, denied };
}
