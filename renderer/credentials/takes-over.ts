import type { CredentialView } from '../../shared/model/credential.ts';

const WIDTH = { agent: 0, project: 1, global: 2 } as const;

/** Wider credentials of the same variable, most specific first: one of them may take over once this one is gone. */
export function widerOnes(credential: CredentialView, all: readonly CredentialView[]): CredentialView[] {
  return all
    .filter(
      (other) =>
        other.providerId === credential.providerId &&
        other.variable === credential.variable &&
        other.account === credential.account &&
        WIDTH[other.scope.kind] > WIDTH[credential.scope.kind],
    )
    .sort((a, b) => WIDTH[a.scope.kind] - WIDTH[b.scope.kind]);
}
