import { PerchError } from '../../shared/errors/perch-error.ts';
import { isReservedName, isSetByPerch } from '../../shared/variables/reserved-names.ts';

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Names that make a loader or interpreter run foreign code would act on the sandbox's own program, outside of the
 * sandbox. The core refuses them as well; here is the last place where it can be noticed. `variableNames`: the user's
 * own, of which none may have a reserved name at all.
 * @throws PerchError VARIABLE_NAME_INVALID, VARIABLE_RESERVED, CREDENTIAL_HAS_NUL
 */
export function checkEnvironment(
  environment: Readonly<Record<string, string>>,
  variableNames: readonly string[] = [],
): void {
  for (const [name, value] of Object.entries(environment)) {
    if (!NAME.test(name)) throw new PerchError('VARIABLE_NAME_INVALID', { variable: name });
    if (isReservedName(name) && !isSetByPerch(name)) throw new PerchError('VARIABLE_RESERVED', { variable: name });
    if (value.includes('\0')) throw new PerchError('CREDENTIAL_HAS_NUL', { variable: name });
  }
  const reserved = variableNames.find(isReservedName);
  if (reserved !== undefined) throw new PerchError('VARIABLE_RESERVED', { variable: reserved });
}
