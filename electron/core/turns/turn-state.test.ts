import { expect, test } from 'vitest';
import type { RunEvent } from '../../../shared/model/run-event.ts';
import { bodyHash, foldEvent, NEW_TURN, previewOf } from './turn-state.ts';

const ask = (requestId: string): RunEvent => ({
  type: 'permission.requested',
  requestId,
  toolCallId: 't',
  title: 'x',
  options: [{ optionId: 'o', name: 'o', kind: 'allow_once' }],
});
const answer = (requestId: string): RunEvent => ({
  type: 'permission.answered',
  requestId,
  outcome: { outcome: 'cancelled' },
});
const says: RunEvent = { type: 'agent.message', text: 'x' };
const notice: RunEvent = { type: 'notice', level: 'info', key: 'k', values: {} };
const ends: RunEvent = { type: 'turn.ended', result: { outcome: 'cancelled' } };

test.each<[string, RunEvent[], string]>([
  ['nothing', [], 'accepted'],
  ['a notice', [notice], 'accepted'],
  ['a word of the agent', [notice, says], 'running'],
  ['a question', [says, ask('a')], 'waiting-for-permission'],
  ['a word beside a question', [ask('a'), says], 'waiting-for-permission'],
  ['one of two questions answered', [ask('a'), ask('b'), answer('a')], 'waiting-for-permission'],
  ['both answered', [ask('a'), ask('b'), answer('a'), answer('b')], 'running'],
  ['a question asked twice, answered', [ask('a'), ask('a'), answer('a')], 'running'],
  ['an end with an open question', [ask('a'), ends], 'cancelled'],
])('%s', (_, events, status) => {
  expect(events.reduce(foldEvent, NEW_TURN).status).toBe(status);
});

test('a preview is one line of at most 200 characters', () => {
  expect(previewOf('  a\n\n b\tc ')).toBe('a b c');
  expect(previewOf('x'.repeat(500))).toHaveLength(200);
  expect(previewOf(`${'x'.repeat(199)}😀`).isWellFormed()).toBe(true);
});

test('every part of a body counts, and nothing else', () => {
  const body = { turnId: '1', agentId: 'a', prompt: 'p' };
  const same = bodyHash(body);
  expect(bodyHash({ ...body, turnId: '2' })).toBe(same);
  const others = [{ agentId: 'b' }, { prompt: 'q' }, { model: '' }, { projectDir: '/x' }, { sessionId: 'p' }];
  expect(new Set([same, ...others.map((change) => bodyHash({ ...body, ...change }))]).size).toBe(6);
});
