import type { Scope } from '../../../shared/model/credential.ts';
import type { ImportCandidate } from '../../../shared/model/credential-import.ts';

/** True when importing the candidate would replace a credential of exactly this scope. */
export function isStoredAt({ alreadyStored }: ImportCandidate, scope: Scope): boolean {
  return alreadyStored.some((stored) => JSON.stringify(stored) === JSON.stringify(scope));
}

/** The candidates to import without a question: none of them replaces a stored credential. */
export function withoutQuestion(offered: readonly ImportCandidate[], scope: Scope): readonly ImportCandidate[] {
  return offered.filter((candidate) => !isStoredAt(candidate, scope));
}

/** The numbers typed, apart by blanks or commas; none for an empty answer. Undefined: something else was typed. */
export function numbersIn(typed: string, most: number): ReadonlySet<number> | undefined {
  const words = typed.split(/[\s,]+/).filter((word) => word !== '');
  const numbers = words.map((word) => (/^\d+$/.test(word) ? Number(word) : 0));
  return numbers.every((number) => number >= 1 && number <= most) ? new Set(numbers) : undefined;
}
