import type { Params } from '../../../shared/contract/methods.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { variableNameSchema } from '../../../shared/model/credential.ts';
import { MAX_VARIABLE_BYTES } from '../../../shared/model/variable.ts';
import { normalScope } from '../credentials/input.ts';
import { isReservedName } from '../session-env/reserved-names.ts';
import type { IsRouting } from './routing.ts';

/**
 * What a caller wants to store, checked; the value stays as it is.
 * @throws PerchError VARIABLE_NAME_INVALID, VARIABLE_RESERVED, VARIABLE_OF_PROVIDER, VARIABLE_TOO_LARGE,
 * VARIABLE_HAS_NUL, CREDENTIAL_EMPTY for a secret without a value
 */
export function checkVariable(
  params: Params<'variables.set'>,
  { isRouting, isCredential }: { isRouting: IsRouting; isCredential: (name: string) => boolean },
): Params<'variables.set'> {
  const { name, value, storage } = params;
  checkName(name);
  if (isRouting(name) || isCredential(name)) throw new PerchError('VARIABLE_OF_PROVIDER', { variable: name });
  const bytes = Buffer.byteLength(value);
  if (bytes > MAX_VARIABLE_BYTES) {
    throw new PerchError('VARIABLE_TOO_LARGE', { variable: name, bytes, maxBytes: MAX_VARIABLE_BYTES });
  }
  if (value.includes('\0')) throw new PerchError('VARIABLE_HAS_NUL', { variable: name });
  if (storage !== 'plain' && value === '') throw new PerchError('CREDENTIAL_EMPTY', { variable: name });
  return { ...params, scope: normalScope(params.scope) };
}

/** What is no name may be a secret that landed in the wrong field: it is not repeated. */
function checkName(name: string): void {
  if (!variableNameSchema.safeParse(name).success) throw new PerchError('VARIABLE_NAME_INVALID', { variable: '…' });
  if (isReservedName(name)) throw new PerchError('VARIABLE_RESERVED', { variable: name });
}
