import type { ProviderView } from '../../shared/model/provider.ts';
import type { Draft } from './draft.ts';

/** The policy of the variable that is chosen, or of the kind of token that the value looks like. */
export function policyOfPaste(
  { variable, value }: Pick<Draft, 'variable' | 'value'>,
  { variables = [], keyShapes, defaultVariable }: Pick<ProviderView, 'variables' | 'keyShapes' | 'defaultVariable'>,
): string | undefined {
  const name = variable === '' ? defaultVariable : variable;
  const chosen = variables.find((one) => one.name === name)?.policy;
  if (chosen !== undefined) return chosen;
  // The most telling start first: `sk-ant-` begins others too.
  const [shape] = keyShapes
    .filter(({ prefix }) => prefix !== undefined && value.includes(prefix))
    .toSorted((a, b) => (b.prefix?.length ?? 0) - (a.prefix?.length ?? 0));
  return variables.find(({ kind, policy }) => policy !== undefined && kind === shape?.kind)?.policy;
}

/** The policy for a token that an agent's own login prints. */
export function policyOfVariable(providers: readonly ProviderView[], providerId: string, variable: string) {
  const provider = providers.find((one) => one.providerId === providerId);
  return provider?.variables?.find(({ name }) => name === variable)?.policy;
}
