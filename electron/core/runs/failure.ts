import { PerchError, toWireError, type WireError } from '../../../shared/errors/perch-error.ts';
import type { Failure } from '../../../shared/model/failure.ts';
import type { PromptResult } from '../../../shared/runner-protocol/protocol.ts';
import type { LogStore } from '../logs/log-store.ts';
import type { ActiveTurn } from './active-turn.ts';
import { causeLine, type Trouble } from './cause-line.ts';

/** A failure before it knows its place in the log. */
export type Cause = Pick<Failure, 'error' | 'reported' | 'exitCode' | 'signal'>;

/** How many lines a failure carries. */
const LAST_LINES = 20;

export function causeOf(error: unknown): Cause {
  return { error: toWireError(error), ...agentFacts(error) };
}

export function causeOfResult(result: Extract<PromptResult, { outcome: 'failed' }>): Cause {
  const { outcome: _, ...cause } = result;
  return cause;
}

/**
 * What the agent calls a failed authentication is, with a credential of the user's, a credential that its provider
 * refused: named as the gate names it, so that it is repaired at the same place.
 */
export function namingCredential(
  cause: Cause,
  { agentId, credentials, providerName }: Pick<ActiveTurn, 'agentId' | 'credentials' | 'providerName'>,
): Cause {
  const [first] = credentials;
  if (cause.error.code !== 'AGENT_AUTHENTICATION_FAILED' || first === undefined) return cause;
  const { providerId, credentialId } = first;
  const variable = credentials.map((one) => one.variable).join(', ');
  const provider = providerName ?? providerId;
  const values = { ...cause.error.values, agentId, provider, providerId, variable };
  const details = { agentId, providerId, credentialId };
  return { ...cause, error: { code: 'BYOK_CREDENTIAL_INVALID', values, details } };
}

/** Writes the failure to the session's log, and points it at the line that carries the cause. */
export function logFailure(options: {
  logs: LogStore;
  sessionId: string;
  turnId: string;
  cause: Cause;
  trouble: Trouble;
}): Failure {
  const { logs, turnId, cause, trouble } = options;
  const log = `session:${options.sessionId}` as const;
  const line = { level: 'error', source: 'turn', message: inWords(cause), turnId } as const;
  const position = causeLine(cause, trouble, logs.writer(log).write(line));
  return { ...cause, log: position, lastLines: logs.failureLines(position, LAST_LINES) };
}

function inWords({ error, reported, exitCode, signal }: Cause): string {
  const values = Object.entries(error.values).map(([name, value]) => `${name}=${value}`);
  return [
    `The turn failed: ${error.code}`,
    ...(values.length === 0 ? [] : [`(${values.join(', ')})`]),
    ...(reported === undefined ? [] : [`- reported: ${reported}`]),
    ...(exitCode === undefined ? [] : [`- exit code ${exitCode}`]),
    ...(signal === undefined ? [] : [`- signal ${signal}`]),
  ].join(' ');
}

/** What the runner says beside the error when an agent did not start: the same facts that a failed prompt carries. */
function agentFacts(error: unknown): Omit<Cause, 'error'> {
  const details: NonNullable<WireError['details']> = (error instanceof PerchError ? error.details : undefined) ?? {};
  const { reported, exitCode, signal } = details;
  return {
    ...(typeof reported === 'string' ? { reported: reported.slice(0, 2000) } : {}),
    ...(typeof exitCode === 'number' && Number.isInteger(exitCode) ? { exitCode } : {}),
    ...(typeof signal === 'string' ? { signal } : {}),
  };
}
