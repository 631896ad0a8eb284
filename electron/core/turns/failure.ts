import { defined } from '../../../shared/defined.ts';
import { PerchError, toWireError, type WireError } from '../../../shared/errors/perch-error.ts';
import type { CredentialView } from '../../../shared/model/credential.ts';
import type { Failure } from '../../../shared/model/failure.ts';
import type { PromptResult } from '../../../shared/runner-protocol/protocol.ts';
import type { LogStore } from '../storage/logs/log-store.ts';
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

type Named = Pick<ActiveTurn, 'agentId' | 'credentials' | 'providerName'>;

/** Puts names that people know into a cause that an agent's process told: the agent's, and its provider's. */
export function namingWhom(cause: Cause, turn: Named, agentName: string): Cause {
  const told = { ...cause, error: { ...cause.error, values: withNames(cause.error, turn, agentName) } };
  return namingCredential(told, turn);
}

function withNames({ code, values }: WireError, turn: Named, agent: string): WireError['values'] {
  if (values.agent === undefined) return values;
  if (!OF_PROVIDER.test(code)) return { ...values, agent, agentId: turn.agentId };
  const providerId = turn.credentials[0]?.providerId;
  const provider = turn.providerName ?? providerId ?? agent;
  return { ...values, agent, agentId: turn.agentId, provider, ...defined({ providerId }) };
}

/** Their sentences name the provider. */
const OF_PROVIDER = /^(?:PROVIDER_|MODEL_UNAVAILABLE$|CONTEXT_TOO_LONG$)/;

const OF_CREDENTIAL: ReadonlySet<string> = new Set(['AGENT_AUTHENTICATION_FAILED', 'AGENT_SIGN_IN_LAPSED']);

/**
 * A failed authentication of an agent that holds a credential of the user's is a credential that its provider refused:
 * named as the gate names it, so that it is repaired at the same place. Without one it is the agent's own login.
 */
function namingCredential(cause: Cause, { agentId, credentials, providerName }: Named): Cause {
  if (!OF_CREDENTIAL.has(cause.error.code)) return cause;
  const [first] = credentials;
  if (first === undefined) return { ...cause, error: { ...cause.error, code: 'AGENT_SIGN_IN_LAPSED' } };
  const { providerId, credentialId } = first;
  const variable = credentials.map((one) => one.variable).join(', ');
  const provider = providerName ?? providerId;
  const values = { ...cause.error.values, agentId, provider, providerId, variable };
  const details = { agentId, providerId, credentialId };
  return { ...cause, error: { code: 'BYOK_CREDENTIAL_INVALID', values, details } };
}

/** Names the page where credit is bought, to an account that has none left. */
export function namingBilling(cause: Cause, { credentials }: Named, billingPageOf: BillingPageOf): Cause {
  const [first] = credentials;
  if (cause.error.code !== 'PROVIDER_NO_CREDIT' || first === undefined) return cause;
  const billingPage = billingPageOf(first);
  const { error } = cause;
  return { ...cause, error: { ...error, values: { ...error.values, ...defined({ billingPage }) } } };
}

/** Undefined where it is not known. */
export type BillingPageOf = (credential: CredentialView) => string | undefined;

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

/** The facts beside the error of an agent that did not start, the same that a failed prompt carries. */
function agentFacts(error: unknown): Omit<Cause, 'error'> {
  const details: NonNullable<WireError['details']> = (error instanceof PerchError ? error.details : undefined) ?? {};
  const { reported, exitCode, signal } = details;
  return {
    ...(typeof reported === 'string' ? { reported: reported.slice(0, 2000) } : {}),
    ...(typeof exitCode === 'number' && Number.isInteger(exitCode) ? { exitCode } : {}),
    ...(typeof signal === 'string' ? { signal } : {}),
  };
}
