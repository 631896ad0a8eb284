import { PerchError, toWireError } from '../../../shared/errors/perch-error.ts';
import type { VariableCandidate } from '../../../shared/model/variable.ts';
import { valueProblem } from '../../../shared/variables/check.ts';
import { parseEnvText } from '../credentials/import/env-file.ts';
import { maskValue } from '../credentials/masking.ts';

/** The assignments of a `.env` text, by name. @throws PerchError VARIABLES_TEXT_NOT_UNDERSTOOD */
export function readVariables(text: string): ReadonlyMap<string, string> {
  const values = parseEnvText(text);
  if (values === undefined) throw new PerchError('VARIABLES_TEXT_NOT_UNDERSTOOD');
  return new Map(Object.entries(values));
}

/** As they may be shown before one is chosen. */
export function variableCandidates(
  values: ReadonlyMap<string, string>,
  {
    ownerOf,
    nameProblem,
  }: { ownerOf: (name: string) => string | undefined; nameProblem: (name: string) => PerchError | undefined },
): VariableCandidate[] {
  return [...values].map(([name, value]) => {
    const providerId = ownerOf(name);
    const wrongName = providerId === undefined ? nameProblem(name) : undefined;
    const problem =
      wrongName ?? valueProblem({ name, value, storage: providerId === undefined ? 'plain' : 'keychain' });
    return {
      name,
      masked: maskValue(value),
      ...(providerId === undefined ? {} : { providerId }),
      ...(problem === undefined ? {} : { problem: toWireError(problem) }),
    };
  });
}
