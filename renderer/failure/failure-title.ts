import type { ErrorCode } from '../../shared/errors/codes.ts';
import type { WireError } from '../../shared/errors/perch-error.ts';

/** Codes whose cause has a short name of its own, at `failure.title.<CODE>`. */
export const TITLED: readonly ErrorCode[] = [
  'PROVIDER_RATE_LIMITED',
  'PROVIDER_NO_CREDIT',
  'PROVIDER_OVERLOADED',
  'PROVIDER_SERVER_ERROR',
  'PROVIDER_CONNECTION_LOST',
  'PROVIDER_UNREACHABLE',
  'PROVIDER_TIMEOUT',
  'PROVIDER_FORBIDDEN',
  'MODEL_UNAVAILABLE',
  'CONTEXT_TOO_LONG',
  'BYOK_CREDENTIAL_INVALID',
  'AGENT_SIGN_IN_LAPSED',
  'AGENT_SCRIPT_MISSING',
  'AGENT_INTERPRETER_MISSING',
  'AGENT_OUT_OF_MEMORY',
  'AGENT_KILLED',
  'AGENT_EXITED',
  'AGENT_REPORTED_ERROR',
  'AGENT_ENDED_WITHOUT_ANSWER',
  'SESSION_START_FAILED',
  'SESSION_START_TIMEOUT',
  'TURN_TIMEOUT',
];

/** The key of a failure's title: its cause, else that it failed at all. */
export function titleKey({ code }: WireError, outcome: 'failed' | 'lost'): string {
  if (outcome === 'lost') return 'failure.lost';
  return TITLED.includes(code) ? `failure.title.${code}` : 'failure.failed';
}
