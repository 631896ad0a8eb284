import { PerchError } from '../errors/perch-error.ts';
import { variableNameSchema } from '../model/credential.ts';
import { MAX_VARIABLE_BYTES, MAX_VARIABLES_OF_SCOPE, type VariableStorage } from '../model/variable.ts';
import { utf8 } from '../redaction/bytes.ts';
import { isReservedName } from './reserved-names.ts';
import type { IsRouting } from './routing.ts';

export interface NamesOfProviders {
  readonly isRouting: IsRouting;
  readonly isCredential: (name: string) => boolean;
}

/**
 * Why a variable cannot have this name; undefined: it can. VARIABLE_NAME_INVALID, VARIABLE_RESERVED,
 * VARIABLE_OF_PROVIDER. What is no name may be a secret that landed in the wrong field: it is not repeated.
 */
export function nameProblem(name: string, { isRouting, isCredential }: NamesOfProviders): PerchError | undefined {
  if (!variableNameSchema.safeParse(name).success) return new PerchError('VARIABLE_NAME_INVALID', { variable: '…' });
  if (isReservedName(name)) return new PerchError('VARIABLE_RESERVED', { variable: name });
  if (isRouting(name) || isCredential(name)) return new PerchError('VARIABLE_OF_PROVIDER', { variable: name });
  return undefined;
}

/** Why it cannot be stored: VARIABLE_TOO_LARGE, VARIABLE_HAS_NUL, CREDENTIAL_EMPTY for a secret without a value. */
export function valueProblem({
  name,
  value,
  storage,
}: {
  name: string;
  value: string;
  storage: VariableStorage;
}): PerchError | undefined {
  const bytes = utf8(value).length;
  if (bytes > MAX_VARIABLE_BYTES) {
    return new PerchError('VARIABLE_TOO_LARGE', { variable: name, bytes, maxBytes: MAX_VARIABLE_BYTES });
  }
  if (value.includes('\0')) return new PerchError('VARIABLE_HAS_NUL', { variable: name });
  if (storage !== 'plain' && value === '') return new PerchError('CREDENTIAL_EMPTY', { variable: name });
  return undefined;
}

/** `held`: how many variables the scope has, this one not counted. */
export function roomProblem(held: number, scope: string): PerchError | undefined {
  if (held < MAX_VARIABLES_OF_SCOPE) return undefined;
  return new PerchError('VARIABLES_TOO_MANY', { max: MAX_VARIABLES_OF_SCOPE, scope });
}
