import { PerchError } from '../../shared/errors/perch-error.ts';

/**
 * Names that make a loader or interpreter run foreign code. They would act on the sandbox's own program, outside of
 * the sandbox. The core refuses them as well; here is the last place where it can be noticed.
 */
const RESERVED = [
  /^LD_/,
  /^DYLD_/,
  /^GCONV_PATH$/,
  /^GLIBC_TUNABLES$/,
  /^MALLOC_CHECK_$/,
  /^BASH_ENV$/,
  /^ENV$/,
  /^BASH_FUNC_/,
  /^NODE_OPTIONS$/,
];
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** @throws PerchError VARIABLE_NAME_INVALID, VARIABLE_RESERVED, CREDENTIAL_HAS_NUL */
export function checkEnvironment(environment: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(environment)) {
    if (!NAME.test(name)) throw new PerchError('VARIABLE_NAME_INVALID', { variable: name });
    // Windows takes names in any case.
    if (RESERVED.some((pattern) => pattern.test(name.toUpperCase())))
      throw new PerchError('VARIABLE_RESERVED', { variable: name });
    if (value.includes('\0')) throw new PerchError('CREDENTIAL_HAS_NUL', { variable: name });
  }
}
