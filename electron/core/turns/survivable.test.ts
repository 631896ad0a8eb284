import { expect, test } from 'vitest';
import type { TurnOutcome } from '../../../shared/model/run-event.ts';
import { agentSurvives } from './survivable.ts';

const failed = (code: string) =>
  ({ outcome: 'failed', failure: { error: { code, values: {} }, lastLines: [] } }) as unknown as TurnOutcome;

test.each([
  { name: 'an answer', outcome: { outcome: 'completed' } as TurnOutcome, survives: true },
  { name: 'a cancellation', outcome: { outcome: 'cancelled' } as TurnOutcome, survives: true },
  { name: 'a rate limit', outcome: failed('PROVIDER_RATE_LIMITED'), survives: true },
  { name: 'a rejected credential', outcome: failed('CREDENTIAL_REJECTED'), survives: false },
  { name: 'the agent’s exit', outcome: failed('AGENT_EXITED'), survives: false },
  { name: 'the loss of its runner', outcome: { outcome: 'lost' } as TurnOutcome, survives: false },
])('after $name the agent goes on: $survives', ({ outcome, survives }) => {
  expect(agentSurvives(outcome)).toBe(survives);
});
