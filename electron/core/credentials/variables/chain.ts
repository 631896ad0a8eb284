import type { Scope } from '../../../../shared/model/credential.ts';
import type { VariableView } from '../../../../shared/model/variable.ts';
import { type ChainContext, specificity } from '../chain.ts';

export interface VariableInEffect {
  readonly variable: VariableView;
  /** The wider scopes whose variable of the same name it hides, narrowest first. */
  readonly hides: readonly Scope['kind'][];
}

/** The user's variables for one place, by name: the most specific one of each. */
export function variablesInEffect(variables: readonly VariableView[], context: ChainContext): VariableInEffect[] {
  const ranked = variables
    .flatMap((variable) => {
      const rank = specificity(variable.scope, context);
      return rank === undefined ? [] : [{ variable, rank }];
    })
    .sort((a, b) => b.rank - a.rank);
  const names = [...new Set(ranked.map(({ variable }) => variable.name))].sort();
  return names.flatMap((name) => {
    const [best, ...hidden] = ranked.filter(({ variable }) => variable.name === name);
    if (best === undefined) return [];
    return [{ variable: best.variable, hides: hidden.map(({ variable }) => variable.scope.kind) }];
  });
}

const WIDTH = { agent: 0, project: 1, global: 2 } as const;

/** Variables of the same name with a wider scope, narrowest first: they apply where this one does not. */
export function widerOnes(variable: VariableView, all: readonly VariableView[]): VariableView[] {
  return all
    .filter(({ name, scope }) => name === variable.name && WIDTH[scope.kind] > WIDTH[variable.scope.kind])
    .sort((a, b) => WIDTH[a.scope.kind] - WIDTH[b.scope.kind]);
}
