import type { Scope } from '../../../shared/model/credential.ts';
import type { VariableView } from '../../../shared/model/variable.ts';

const WIDTH = { agent: 0, project: 1, global: 2 } as const;

interface Overlaps {
  /** Variables of the same name with a wider scope, narrowest first: no session that gets this one gets them. */
  readonly hides: readonly VariableView[];
  /** Variables of the same name with a narrower scope: where they apply, this one does not. */
  readonly hiddenBy: readonly VariableView[];
}

export function overlapsOf(variable: VariableView, all: readonly VariableView[]): Overlaps {
  const width = WIDTH[variable.scope.kind];
  const others = all
    .filter((other) => other.name === variable.name)
    .sort((a, b) => WIDTH[a.scope.kind] - WIDTH[b.scope.kind]);
  return {
    hides: others.filter(({ scope }) => WIDTH[scope.kind] > width),
    hiddenBy: others.filter(({ scope }) => WIDTH[scope.kind] < width),
  };
}

export function isSameScope(a: Scope, b: Scope): boolean {
  if (a.kind === 'project') return b.kind === 'project' && a.projectDir === b.projectDir;
  if (a.kind === 'agent') return b.kind === 'agent' && a.agentId === b.agentId;
  return b.kind === 'global';
}

interface Listed {
  readonly here: readonly VariableView[];
  /** The global ones, which apply here as well. */
  readonly also: readonly VariableView[];
}

/** The variables of a place that a search finds, by name or by the value of a plain one. In any case. */
export function listed(all: readonly VariableView[], scope: Scope, search: string): Listed {
  const wanted = search.trim().toLowerCase();
  const found = all
    .filter(
      ({ name, shown, storage }) =>
        name.toLowerCase().includes(wanted) || (storage === 'plain' && shown.toLowerCase().includes(wanted)),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    here: found.filter((one) => isSameScope(one.scope, scope)),
    also: scope.kind === 'global' ? [] : found.filter((one) => one.scope.kind === 'global'),
  };
}
