import type { ImportCandidate, ImportOutcome } from '../../../shared/model/credential-import.ts';

export type Outcomes = ReadonlyMap<string, ImportOutcome>;

/** Can be ticked: importable, and not taken over already. */
export function isOpen(candidate: ImportCandidate, outcomes: Outcomes): boolean {
  return candidate.importable && outcomes.get(candidate.candidateId)?.outcome !== 'stored';
}

/** The ids to take over, in the order shown. */
export function chosenIds(
  candidates: readonly ImportCandidate[],
  { ticked, outcomes }: { ticked: ReadonlySet<string>; outcomes: Outcomes },
): string[] {
  return candidates
    .filter((candidate) => isOpen(candidate, outcomes) && ticked.has(candidate.candidateId))
    .map(({ candidateId }) => candidateId);
}

export function withOutcomes(outcomes: Outcomes, results: readonly ImportOutcome[]): Outcomes {
  return new Map([...outcomes, ...results.map((result) => [result.candidateId, result] as const)]);
}
