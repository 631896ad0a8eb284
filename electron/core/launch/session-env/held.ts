import type { IsRouting } from '../../../../shared/variables/routing.ts';
import type { EnvironmentPlan, PlannedVariable } from './plan.ts';

/** A name that a session was given, and what it was there for. Never its value. */
export interface HeldName {
  readonly name: string;
  readonly kind: 'variable' | 'credential' | 'routing' | 'other';
}

export function heldNames({ set }: Pick<EnvironmentPlan, 'set'>, isRouting: IsRouting): HeldName[] {
  return set.map((variable) => ({ name: variable.name, kind: kindOf(variable, isRouting) }));
}

/**
 * What a session had that one planned now does not get, with a locale key that says why (R30, R61): a deleted or renamed
 * variable, a credential that went, an address or a model of a provider that is not the chosen one any more.
 */
export function unsetBetween(
  held: readonly HeldName[],
  planned: readonly { readonly name: string }[],
): { name: string; reason: string }[] {
  const names = new Set(planned.map(({ name }) => name));
  const gone = new Map(held.filter(({ name }) => !names.has(name)).map((one) => [one.name, one.kind]));
  return [...gone]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, kind]) => ({ name, reason: `reason.unset-${kind}` }));
}

function kindOf(variable: PlannedVariable, isRouting: IsRouting): HeldName['kind'] {
  if (variable.secret) return variable.providerId === undefined ? 'variable' : 'credential';
  if (variable.source === 'variable') return 'variable';
  return variable.source === 'model' || isRouting(variable.name) ? 'routing' : 'other';
}
