import { resolve } from 'node:path';
import { MAX_SECRET_BYTES, type Params } from '../../../shared/contract/methods.ts';
import { firstUnsendable } from '../../../shared/credentials/sendable.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { Scope } from '../../../shared/model/credential.ts';
import type { Provider } from '../providers/provider.ts';

export interface CheckedInput {
  readonly providerId: string;
  readonly variable: string;
  readonly scope: Scope;
  readonly account?: string;
  readonly value: string;
  readonly trimmed: boolean;
  readonly expiresAt?: number;
}

/**
 * The checked form of a value that a caller wants to store. Both ends of the value are trimmed; what is inside stays
 * as it is.
 * @throws PerchError VARIABLE_NOT_ACCEPTED, CREDENTIAL_EMPTY, CREDENTIAL_TOO_LARGE, CREDENTIAL_HAS_NUL,
 * CREDENTIAL_NOT_SENDABLE
 */
export function checkInput(params: Params<'credentials.set'>, provider: Provider): CheckedInput {
  const { providerId } = provider;
  const accepted = provider.variables.map((variable) => variable.name);
  const variable = params.variable ?? provider.defaultVariable ?? '';
  if (!accepted.includes(variable)) {
    throw new PerchError('VARIABLE_NOT_ACCEPTED', {
      variable,
      providerId,
      provider: provider.name,
      accepted: accepted.join(', '),
    });
  }
  const value = params.value.trim();
  const bytes = Buffer.byteLength(value);
  if (value === '') throw new PerchError('CREDENTIAL_EMPTY', { variable, providerId });
  if (bytes > MAX_SECRET_BYTES) {
    throw new PerchError('CREDENTIAL_TOO_LARGE', { variable, providerId, bytes, maxBytes: MAX_SECRET_BYTES });
  }
  if (value.includes('\0')) throw new PerchError('CREDENTIAL_HAS_NUL', { variable, providerId });
  refuseUnsendable(value, { variable, provider });
  const account = params.account === undefined ? {} : { account: params.account };
  const ends = params.expiresAt === undefined ? {} : { expiresAt: params.expiresAt };
  const place = { providerId, variable, scope: normalScope(params.scope), ...account };
  return { ...place, ...ends, value, trimmed: value !== params.value };
}

/** As the check would refuse it, before anything depends on it. Line breaks are told, and can belong to the secret. */
function refuseUnsendable(value: string, { variable, provider }: { variable: string; provider: Provider }): void {
  if (provider.variables.find(({ name }) => name === variable)?.kind === 'plain') return;
  const found = firstUnsendable(value);
  if (found === undefined) return;
  const { code, line, column } = found;
  throw new PerchError('CREDENTIAL_NOT_SENDABLE', { variable, providerId: provider.providerId, code, line, column });
}

/** A directory has one spelling here: no trailing slash, no `..`. Links are not followed. */
export function normalScope(scope: Scope): Scope {
  return scope.kind === 'project' ? { kind: 'project', projectDir: resolve(scope.projectDir) } : scope;
}
