import { expect, test } from 'vitest';
import { isAnswerLost, nextSubmission } from './submission.ts';

const BODY = { agentId: 'demo', prompt: 'Hello' };
const ids = () => {
  let number = 0;
  return () => `id-${++number}`;
};

test('every submission is a new turn', () => {
  const newId = ids();
  expect(nextSubmission(null, BODY, newId).turnId).toBe('id-1');
  expect(nextSubmission(null, BODY, newId).turnId).toBe('id-2');
});

test('one whose answer was lost keeps its id when it is sent again unchanged', () => {
  const newId = ids();
  const first = nextSubmission(null, BODY, newId);
  expect(nextSubmission(first, { ...BODY }, newId)).toEqual(first);
});

test('changed, it is another turn', () => {
  const newId = ids();
  const first = nextSubmission(null, BODY, newId);
  expect(nextSubmission(first, { ...BODY, prompt: 'Hello?' }, newId).turnId).toBe('id-2');
});

test('a refusal is an answer; a lost connection is none', () => {
  expect(isAnswerLost('MISSING_BYOK_CREDENTIAL')).toBe(false);
  expect(isAnswerLost('CORE_UNREACHABLE')).toBe(true);
});
