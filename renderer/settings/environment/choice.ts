import type { Params, Result } from '../../../shared/contract/methods.ts';
import type { VariableCandidate } from '../../../shared/model/variable.ts';

type Outcome = Result<'variables.setFromText'>['results'][number];

/** The chosen entries of a pasted text, by name. */
export interface Choice {
  readonly ticked: ReadonlySet<string>;
  readonly plain: ReadonlySet<string>;
  readonly outcomes: ReadonlyMap<string, Outcome>;
}

/** Everything that can be stored, as secrets: taking a tick away is less than finding out what leaked. */
export function initialChoice(candidates: readonly VariableCandidate[]): Choice {
  const storable = candidates.filter(({ problem }) => problem === undefined);
  return { ticked: new Set(storable.map(({ name }) => name)), plain: new Set(), outcomes: new Map() };
}

export function isStored({ outcomes }: Pick<Choice, 'outcomes'>, name: string): boolean {
  return outcomes.get(name)?.outcome === 'stored';
}

export function chosenOf(
  candidates: readonly VariableCandidate[],
  choice: Choice,
): Params<'variables.setFromText'>['chosen'] {
  return candidates
    .filter(({ name, problem }) => problem === undefined && choice.ticked.has(name) && !isStored(choice, name))
    .map(({ name }) => ({ name, storage: choice.plain.has(name) ? 'plain' : 'keychain' }));
}

/** The set with the name in it, or without it. */
export function having(names: ReadonlySet<string>, name: string, on: boolean): ReadonlySet<string> {
  return new Set(on ? [...names, name] : [...names].filter((other) => other !== name));
}

export function withOutcomes(choice: Choice, results: readonly Outcome[]): Choice {
  return { ...choice, outcomes: new Map([...choice.outcomes, ...results.map((one) => [one.name, one] as const)]) };
}
