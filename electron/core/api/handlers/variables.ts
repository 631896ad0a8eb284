import type { Params, Result } from '../../../../shared/contract/methods.ts';
import type { VariableService } from '../../variables/service.ts';
import type { HandlersOf } from './namespace.ts';

/** A credential variable of a provider becomes its credential, so that the gate counts it (R61). */
export function variableHandlers({
  variables,
  credentials,
  registry,
}: {
  variables: Pick<VariableService, 'list' | 'set' | 'remove'>;
  credentials: { set(params: Params<'credentials.set'>): Promise<Result<'credentials.set'>> };
  registry: {
    all(): readonly { readonly providerId: string; readonly variables: readonly { readonly name: string }[] }[];
  };
}): HandlersOf<'variables'> {
  const ownerOf = (name: string) => registry.all().find((one) => one.variables.some((other) => other.name === name));
  return {
    'variables.list': async () => ({ variables: variables.list() }),
    async 'variables.set'(params) {
      const { name, scope, value } = params;
      const owner = ownerOf(name);
      if (owner === undefined) return { storedAs: 'variable', ...(await variables.set(params)) };
      const { providerId } = owner;
      const storage = params.storage === 'plain' ? 'keychain' : params.storage;
      const { credential, replaced } = await credentials.set({ providerId, variable: name, scope, value, storage });
      return { storedAs: 'credential', credential, replaced };
    },
    'variables.remove': (params) => variables.remove(params),
  };
}
