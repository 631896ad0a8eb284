import type { Params } from '../../../../shared/contract/methods.ts';
import { type NamesOfProviders, nameProblem, valueProblem } from '../../../../shared/variables/check.ts';
import { normalScope } from '../input.ts';

/**
 * The caller's input, checked; the value stays as it is.
 * @throws PerchError VARIABLE_NAME_INVALID, VARIABLE_RESERVED, VARIABLE_OF_PROVIDER, VARIABLE_TOO_LARGE,
 *   VARIABLE_HAS_NUL, CREDENTIAL_EMPTY for a secret without a value
 */
export function checkVariable(params: Params<'variables.set'>, names: NamesOfProviders): Params<'variables.set'> {
  const problem = nameProblem(params.name, names) ?? valueProblem(params);
  if (problem !== undefined) throw problem;
  return { ...params, scope: normalScope(params.scope) };
}
