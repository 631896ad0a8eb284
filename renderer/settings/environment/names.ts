import routing from '../../../resources/routing-variables.json' with { type: 'json' };
import type { PerchError } from '../../../shared/errors/perch-error.ts';
import type { ProviderView } from '../../../shared/model/provider.ts';
import { nameProblem } from '../../../shared/variables/check.ts';
import { routingOf } from '../../../shared/variables/routing.ts';

const isRouting = routingOf(routing.names);

/** The provider whose credential this name stands for; undefined when there is none. */
export function ownerOf(name: string, providers: readonly ProviderView[]): ProviderView | undefined {
  return providers.find(
    ({ variables = [], credentialAlternatives }) =>
      variables.some((variable) => variable.name === name) || credentialAlternatives.flat().includes(name),
  );
}

/** The core's verdict on a variable's name, while the user types. A provider's credential has none. */
export function problemOfName(name: string): PerchError | undefined {
  return nameProblem(name, { isRouting, isCredential: () => false });
}
