import type { IsRouting } from '../../../../shared/variables/routing.ts';
import type { EnvironmentPlan, PlannedVariable } from './plan.ts';

/** A name that a session was given, and what it was there for. Never its value. */
export interface EnvironmentName {
  readonly name: string;
  readonly kind: 'variable' | 'credential' | 'routing' | 'other';
}

export function environmentNames({ set }: Pick<EnvironmentPlan, 'set'>, isRouting: IsRouting): EnvironmentName[] {
  return set.map((variable) => ({ name: variable.name, kind: kindOf(variable, isRouting) }));
}

/**
 * The names that a session had and that the session planned now does not get, with a locale key for the reason: a
 * deleted or renamed variable, a removed credential, an address or a model of a provider that is no longer the chosen
 * one.
 */
export function unsetBetween(
  before: readonly EnvironmentName[],
  planned: readonly { readonly name: string }[],
): { name: string; reason: string }[] {
  const names = new Set(planned.map(({ name }) => name));
  const gone = new Map(before.filter(({ name }) => !names.has(name)).map((one) => [one.name, one.kind]));
  return [...gone]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, kind]) => ({ name, reason: `reason.unset-${kind}` }));
}

function kindOf(variable: PlannedVariable, isRouting: IsRouting): EnvironmentName['kind'] {
  if (variable.secret) return variable.providerId === undefined ? 'variable' : 'credential';
  if (variable.source === 'variable') return 'variable';
  return variable.source === 'model' || isRouting(variable.name) ? 'routing' : 'other';
}
