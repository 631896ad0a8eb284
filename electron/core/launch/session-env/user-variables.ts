import type { VariableView } from '../../../../shared/model/variable.ts';
import { isReservedName } from '../../../../shared/variables/reserved-names.ts';
import type { IsRouting } from '../../../../shared/variables/routing.ts';
import type { VariableInEffect } from '../../credentials/variables/chain.ts';
import type { DeniedVariable } from './host-variables.ts';
import type { PlannedVariable } from './plan.ts';

export interface Refusals {
  /** Names that Perch, the agent's description or a credential sets for this session. */
  readonly taken: ReadonlySet<string>;
  readonly knownCredentialVariables: ReadonlySet<string>;
  readonly isRouting: IsRouting;
}

/**
 * The user's own variables in a session. What was refused when it was stored is refused here again: a name may have
 * become a provider's since. What a wider scope holds under the same name is told as denied.
 */
export function userVariables({ variables, ...refusals }: Refusals & { variables: readonly VariableInEffect[] }): {
  set: PlannedVariable[];
  denied: DeniedVariable[];
} {
  const set: PlannedVariable[] = [];
  const denied: DeniedVariable[] = [];
  for (const { variable, hides } of variables) {
    const { name } = variable;
    const reason = refusalOf(name, refusals);
    if (reason === undefined) set.push(planned(variable));
    else denied.push({ name, source: 'variable', reason });
    for (const scope of hides) denied.push({ name, source: 'variable', reason: `reason.denied-hidden-${scope}` });
  }
  return { set, denied };
}

export function refusalOf(name: string, { taken, knownCredentialVariables, isRouting }: Refusals): string | undefined {
  if (isReservedName(name)) return 'reason.denied-reserved';
  if (knownCredentialVariables.has(name)) return 'reason.denied-provider';
  if (isRouting(name)) return 'reason.denied-routing';
  return taken.has(name) ? 'reason.denied-taken' : undefined;
}

function planned({ variableId, name, scope, storage, shown }: VariableView): PlannedVariable {
  const reason = `reason.variable-${scope.kind}`;
  if (storage === 'plain') return { name, value: shown, secret: false, source: 'variable', reason };
  // Another id with every value: a session with the former one is not used again.
  return { name, secret: true, source: storage, reason, keptAs: variableId, masked: shown };
}
