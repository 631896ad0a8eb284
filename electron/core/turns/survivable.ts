import type { TurnOutcome } from '../../../shared/model/run-event.ts';

/** The agent may go on in the same conversation after these; after any other failure it is started anew. */
const SURVIVABLE: ReadonlySet<string> = new Set([
  'AGENT_REPORTED_ERROR',
  'PROVIDER_RATE_LIMITED',
  'PROVIDER_NO_CREDIT',
  'PROVIDER_OVERLOADED',
  'PROVIDER_SERVER_ERROR',
  'PROVIDER_CONNECTION_LOST',
  'PROVIDER_UNREACHABLE',
  'PROVIDER_TIMEOUT',
  'PROVIDER_FORBIDDEN',
  'MODEL_UNAVAILABLE',
  'AGENT_ENDED_WITHOUT_ANSWER',
  'PERMISSION_MODE_REFUSED',
  'TURN_LIMIT_MINUTES',
  'TURN_LIMIT_TOOL_CALLS',
]);

/** True when the agent of a turn that ended so may take the next one. */
export function agentSurvives(outcome: TurnOutcome): boolean {
  if (outcome.outcome === 'failed') return SURVIVABLE.has(outcome.failure.error.code);
  return outcome.outcome !== 'lost';
}
