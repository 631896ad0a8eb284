import type { VariableSource } from '../../../../shared/model/environment-plan.ts';
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
 * The declared variables that a session gets: the user's own variables come first, the narrower declaration before the
 * wider one. Names follow the same rules as the user's own.
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

/** Before a reference, under which its value is kept while a session is prepared; no id and no name begins with it. */
const KEY = 'declared ';

function planned(variable: DeclaredVariable): PlannedVariable {
  const { name, source, reason } = variable;
  if ('value' in variable) return { name, source, reason, secret: false, value: variable.value };
  const { reference } = variable;
  return { name, source, reason, secret: true, keptAs: KEY + reference, masked: maskOf(reference) };
}

/** The values of the references in a plan, by the names under which it wants them. @throws what `read` does */
export async function readDeclared(
  { set }: { readonly set: readonly PlannedVariable[] },
  read: (reference: string) => Promise<string>,
): Promise<Map<string, string>> {
  const values = new Map<string, string>();
  for (const variable of set) {
    if (!variable.secret || !variable.keptAs.startsWith(KEY)) continue;
    values.set(variable.keptAs, await read(variable.keptAs.slice(KEY.length)));
  }
  return values;
}

/** Where it is from; nothing of what it is. */
export function maskOf(reference: string): string {
  return `•••• ${reference}`;
}
