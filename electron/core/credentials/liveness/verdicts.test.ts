import { expect, test } from 'vitest';
import type { LivenessReport } from '../../../../shared/model/liveness.ts';
import { createVerdicts, LIVENESS_CACHE_MS, SILENCE_CACHE_MS } from './verdicts.ts';

const DEAD = { verdict: 'dead', reason: 'refused' } as const;
const ALIVE = { verdict: 'alive', reason: 'accepted' } as const;
const SILENT = { verdict: 'unknown', reason: 'timeout' } as const;

function withClock() {
  const clock = { at: 1000 };
  return { clock, verdicts: createVerdicts({ now: () => clock.at }) };
}

test.each([
  [ALIVE, LIVENESS_CACHE_MS],
  [SILENT, SILENCE_CACHE_MS],
])('$verdict is fresh for its time, and known after it', (finding, lifetime) => {
  const { clock, verdicts } = withClock();
  verdicts.put('key', 'id', finding);
  clock.at += lifetime - 1;
  expect(verdicts.fresh('key')).toMatchObject(finding);
  clock.at += 1;
  expect(verdicts.fresh('key')).toBeUndefined();
  expect(verdicts.known('key')).toEqual({ credentialId: 'id', ...finding, checkedAt: 1000 });
});

test('it says whether it is another one', () => {
  const { verdicts } = withClock();
  expect(verdicts.put('key', 'id', ALIVE).changed).toBe(true);
  expect(verdicts.put('key', 'id', ALIVE).changed).toBe(false);
  expect(verdicts.put('key', 'id', { verdict: 'alive', reason: 'answered' }).changed).toBe(true);
  expect(verdicts.put('key', 'id', { verdict: 'limited', reason: 'answered' }).changed).toBe(true);
});

test('what is old and superseded is forgotten, and what is about nothing that is there', () => {
  const { clock, verdicts } = withClock();
  verdicts.put('old', 'a', DEAD);
  verdicts.put('again', 'a', DEAD);
  verdicts.put('alone', 'b', DEAD);
  verdicts.put('gone', 'c', DEAD);
  const left = () => ['old', 'again', 'new', 'alone', 'gone'].filter((key) => verdicts.known(key) !== undefined);
  clock.at += LIVENESS_CACHE_MS - 1;
  verdicts.prune(new Set(['a', 'b']));
  expect(left()).toEqual(['old', 'again', 'alone']);
  clock.at += 1;
  verdicts.put('new', 'a', ALIVE);
  verdicts.put('old', 'a', DEAD);
  verdicts.prune(new Set(['a', 'b']));
  // Not the one that was asked about again meanwhile, though it was the first.
  expect(left()).toEqual(['old', 'new', 'alone']);
});

test('who comes while it is asked gets the same answer; who comes after it asks anew', async () => {
  const { verdicts } = withClock();
  let asked = 0;
  const answer = Promise.withResolvers<LivenessReport>();
  const ask = () => {
    asked += 1;
    return answer.promise;
  };
  const both = Promise.all([verdicts.once('key', ask), verdicts.once('key', ask), verdicts.once('other', ask)]);
  expect(asked).toBe(2);
  answer.resolve({ credentialId: 'id', ...ALIVE, checkedAt: 1 });
  await both;
  await verdicts.once('key', ask);
  expect(asked).toBe(3);
});
