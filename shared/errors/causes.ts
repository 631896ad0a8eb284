import type { ErrorCode } from './codes.ts';

/** Why an agent failed, as far as its own words, its stderr and its exit tell. Each has a code of its own. */
export const CAUSES = [
  'rate-limit',
  'no-credit',
  'overloaded',
  'server-error',
  'connection-dropped',
  'connection-refused',
  'timeout',
  'context-too-long',
  'model-unavailable',
  'forbidden',
  'credential-refused',
  'sign-in-lapsed',
  'script-missing',
  'interpreter-missing',
  'out-of-memory',
] as const;
export type Cause = (typeof CAUSES)[number];

export const CODE_OF_CAUSE = {
  'rate-limit': 'PROVIDER_RATE_LIMITED',
  'no-credit': 'PROVIDER_NO_CREDIT',
  overloaded: 'PROVIDER_OVERLOADED',
  'server-error': 'PROVIDER_SERVER_ERROR',
  'connection-dropped': 'PROVIDER_CONNECTION_LOST',
  'connection-refused': 'PROVIDER_UNREACHABLE',
  timeout: 'PROVIDER_TIMEOUT',
  'context-too-long': 'CONTEXT_TOO_LONG',
  'model-unavailable': 'MODEL_UNAVAILABLE',
  forbidden: 'PROVIDER_FORBIDDEN',
  'credential-refused': 'AGENT_AUTHENTICATION_FAILED',
  'sign-in-lapsed': 'AGENT_SIGN_IN_LAPSED',
  'script-missing': 'AGENT_SCRIPT_MISSING',
  'interpreter-missing': 'AGENT_INTERPRETER_MISSING',
  'out-of-memory': 'AGENT_OUT_OF_MEMORY',
} as const satisfies Readonly<Record<Cause, ErrorCode>>;
