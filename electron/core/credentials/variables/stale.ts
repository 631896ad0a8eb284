import type { StaleReason } from '../../../../shared/model/stale-session.ts';
import type { VariableView } from '../../../../shared/model/variable.ts';
import { variablesInEffect } from './chain.ts';
import { sameScope } from './variable-store.ts';

/**
 * Why a variable that a session was started with is not what a session started now would get; undefined: it still is.
 * A stored one never changes under its id: a replacement has another. Pure.
 */
export function staleVariable(
  held: VariableView,
  place: { readonly agentId: string; readonly projectDir: string },
  variables: readonly VariableView[],
): StaleReason | undefined {
  const now = variablesInEffect(variables, place).find(({ variable }) => variable.name === held.name)?.variable;
  if (now?.variableId === held.variableId) return undefined;
  if (variables.some(({ variableId }) => variableId === held.variableId)) return 'hidden';
  const successor = variables.some(({ name, scope }) => name === held.name && sameScope(scope, held.scope));
  return successor ? 'replaced' : 'deleted';
}
