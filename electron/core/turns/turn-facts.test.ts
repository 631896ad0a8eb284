import { expect, test } from 'vitest';
import type { RunEvent } from '../../../shared/model/run-event.ts';
import { changesTurn, factsOf } from './turn-facts.ts';

const NONE = { sandbox: null, failure: null, reported: null, model: null, providerId: null };
const failure = { error: { code: 'AGENT_EXITED', values: {} }, lastLines: [] } as const;

test.each<{ event: RunEvent; facts: object }>([
  { event: { type: 'text', text: 'hello' } as unknown as RunEvent, facts: {} },
  { event: { type: 'model.reported', model: 'gpt' } as RunEvent, facts: { reported: 'gpt' } },
  {
    event: { type: 'credential.supplied', model: 'gpt', providerId: 'openai' } as RunEvent,
    facts: { model: 'gpt', providerId: 'openai' },
  },
  {
    event: { type: 'turn.ended', result: { outcome: 'failed', failure } } as unknown as RunEvent,
    facts: { failure: JSON.stringify(failure) },
  },
  { event: { type: 'turn.ended', result: { outcome: 'cancelled' } } as unknown as RunEvent, facts: {} },
])('the facts of $event.type', ({ event, facts }) => {
  expect(factsOf(event)).toEqual({ ...NONE, ...facts });
});

test('what an agent streams changes no turn, its end does', () => {
  expect(changesTurn({ type: 'turn.ended', result: { outcome: 'cancelled' } } as unknown as RunEvent)).toBe(true);
  expect(changesTurn({ type: 'text', text: 'hello' } as unknown as RunEvent)).toBe(false);
});
