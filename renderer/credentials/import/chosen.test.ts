import { expect, test } from 'vitest';
import type { ImportCandidate, ImportOutcome } from '../../../shared/model/credential-import.ts';
import { chosenIds, isOpen, withOutcomes } from './chosen.ts';

const candidate = (candidateId: string, importable = true): ImportCandidate => ({
  candidateId,
  providerId: 'openai',
  variable: 'OPENAI_API_KEY',
  masked: '••••••••',
  source: '.env',
  findings: [],
  alreadyStored: [],
  importable,
});
const failed = (candidateId: string): ImportOutcome => ({
  outcome: 'failed',
  candidateId,
  error: { code: 'KEYCHAIN_LOCKED', values: {} },
});
const stored = (candidateId: string) => ({ outcome: 'stored', candidateId, replaced: false }) as ImportOutcome;
const none = new Map<string, ImportOutcome>();

test('only what is ticked and importable is taken, in the order shown', () => {
  const candidates = [candidate('a'), candidate('b', false), candidate('c'), candidate('d')];
  const ticked = new Set(['d', 'b', 'a']);
  expect(chosenIds(candidates, { ticked, outcomes: none })).toEqual(['a', 'd']);
});

test('what was stored is done; what failed can be tried again', () => {
  const outcomes = withOutcomes(withOutcomes(none, [failed('a'), failed('b')]), [stored('b')]);
  expect(isOpen(candidate('a'), outcomes)).toBe(true);
  expect(isOpen(candidate('b'), outcomes)).toBe(false);
  const candidates = [candidate('a'), candidate('b')];
  expect(chosenIds(candidates, { ticked: new Set(['a', 'b']), outcomes })).toEqual(['a']);
});
