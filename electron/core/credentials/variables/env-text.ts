import type { Finding } from '../../../../shared/credentials/finding.ts';
import { maskValue } from '../../../../shared/credentials/masking.ts';
import { inspectPaste } from '../../../../shared/credentials/paste.ts';
import { defined } from '../../../../shared/defined.ts';
import { PerchError, toWireError } from '../../../../shared/errors/perch-error.ts';
import type { ProviderView } from '../../../../shared/model/provider.ts';
import type { VariableCandidate } from '../../../../shared/model/variable.ts';
import { valueProblem } from '../../../../shared/variables/check.ts';
import { isSecretLikeName } from '../../../../shared/variables/secret-names.ts';
import { parseEnvText } from '../import/env-file.ts';

/** The assignments of a `.env` text, by name. @throws PerchError VARIABLES_TEXT_NOT_UNDERSTOOD */
export function readVariables(text: string): ReadonlyMap<string, string> {
  const values = parseEnvText(text);
  if (values === undefined) throw new PerchError('VARIABLES_TEXT_NOT_UNDERSTOOD');
  return new Map(Object.entries(values));
}

/** Of what is surely a secret: in any other value blanks are nothing odd. */
function findingsOf(
  { name, value, providerId }: { name: string; value: string; providerId: string | undefined },
  providers: readonly ProviderView[],
): Finding[] {
  if (value === '' || (providerId === undefined && !isSecretLikeName(name))) return [];
  const provider = providers.find((one) => one.providerId === providerId);
  return [...inspectPaste(value, { provider, providers, variable: name }).findings];
}

/** The variables as they may be shown before one is chosen. */
export function variableCandidates(
  values: ReadonlyMap<string, string>,
  {
    ownerOf,
    nameProblem,
    providers,
  }: {
    ownerOf: (name: string) => string | undefined;
    nameProblem: (name: string) => PerchError | undefined;
    providers: readonly ProviderView[];
  },
): VariableCandidate[] {
  return [...values].map(([name, value]) => {
    const providerId = ownerOf(name);
    const wrongName = providerId === undefined ? nameProblem(name) : undefined;
    const problem =
      wrongName ?? valueProblem({ name, value, storage: providerId === undefined ? 'plain' : 'keychain' });
    const findings = findingsOf({ name, value, providerId }, providers);
    return {
      name,
      masked: maskValue(value),
      ...(findings.length === 0 ? {} : { findings }),
      ...defined({ providerId }),
      ...(problem === undefined ? {} : { problem: toWireError(problem) }),
    };
  });
}
