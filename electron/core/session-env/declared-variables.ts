import type { VariableSource } from '../../../shared/model/environment-plan.ts';
import type { DeniedVariable } from './host-variables.ts';
import type { PlannedVariable } from './plan.ts';
import { type Refusals, refusalOf } from './user-variables.ts';

/** A variable that an agent's definition or a project's file names. */
export type DeclaredVariable = {
  readonly name: string;
  readonly source: Extract<VariableSource, 'declared' | 'agent'>;
  /** A locale key. */
  readonly reason: string;
} & ({ readonly value: string } | { readonly reference: string });

/**
 * What was declared, as far as a session gets it: the user's own variables come first, the narrower declaration before
 * the wider one. The rules for names are those of the user's own.
 */
export function declaredVariables(
  declared: readonly DeclaredVariable[],
  refusals: Refusals,
): { set: PlannedVariable[]; denied: DeniedVariable[] } {
  const set = new Map<string, PlannedVariable>();
  const denied: DeniedVariable[] = [];
  for (const variable of declared) {
    const { name } = variable;
    const reason = set.has(name) ? 'reason.denied-hidden-declared' : refusalOf(name, refusals);
    if (reason === undefined) set.set(name, planned(variable));
    else denied.push({ name, source: 'declared', reason });
  }
  return { set: [...set.values()], denied };
}

/** Under which the value of a reference is kept while a session is prepared. */
export function referenceKey(reference: string): string {
  return `declared ${reference}`;
}

function planned(variable: DeclaredVariable): PlannedVariable {
  const { name, source, reason } = variable;
  if ('value' in variable) return { name, source, reason, secret: false, value: variable.value };
  const { reference } = variable;
  return { name, source, reason, secret: true, keptAs: referenceKey(reference), masked: maskOf(reference) };
}

/** Where it is from; nothing of what it is. */
export function maskOf(reference: string): string {
  return `•••• ${reference}`;
}
