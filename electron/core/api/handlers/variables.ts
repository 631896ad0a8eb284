import type { Params, Result } from '../../../../shared/contract/methods.ts';
import { toWireError } from '../../../../shared/errors/perch-error.ts';
import type { ProviderView } from '../../../../shared/model/provider.ts';
import { readVariables, variableCandidates } from '../../credentials/variables/env-text.ts';
import type { VariableService } from '../../credentials/variables/variable-service.ts';
import type { HandlersOf } from './namespace.ts';

/** A credential variable of a provider becomes its credential, so that the gate counts it. */
export function variableHandlers({
  variables,
  credentials,
  registry,
}: {
  variables: Pick<VariableService, 'list' | 'set' | 'remove' | 'nameProblem'>;
  credentials: { set(params: Params<'credentials.set'>): Promise<Result<'credentials.set'>> };
  registry: {
    all(): readonly { readonly providerId: string; readonly variables: readonly { readonly name: string }[] }[];
    list(): ProviderView[];
  };
}): HandlersOf<'variables'> {
  const ownerOf = (name: string) =>
    registry.all().find((one) => one.variables.some((other) => other.name === name))?.providerId;

  async function set(params: Params<'variables.set'>): Promise<Result<'variables.set'>> {
    const { name, scope, value } = params;
    const providerId = ownerOf(name);
    if (providerId === undefined) return { storedAs: 'variable', ...(await variables.set(params)) };
    const storage = params.storage === 'plain' ? 'keychain' : params.storage;
    const { credential, replaced } = await credentials.set({ providerId, variable: name, scope, value, storage });
    return { storedAs: 'credential', credential, replaced };
  }

  return {
    'variables.list': async () => ({ variables: variables.list() }),
    'variables.set': set,
    'variables.readText': async ({ text }) => ({
      candidates: variableCandidates(readVariables(text), {
        ownerOf,
        nameProblem: variables.nameProblem,
        providers: registry.list(),
      }),
    }),
    async 'variables.setFromText'({ text, scope, chosen }) {
      const values = readVariables(text);
      const results: Result<'variables.setFromText'>['results'] = [];
      for (const { name, storage } of chosen) {
        const value = values.get(name);
        if (value === undefined) continue;
        try {
          const { storedAs } = await set({ name, scope, value, storage });
          results.push({ outcome: 'stored', name, storedAs });
        } catch (error) {
          results.push({ outcome: 'failed', name, error: toWireError(error) });
        }
      }
      return { results };
    },
    'variables.remove': (params) => variables.remove(params),
  };
}
