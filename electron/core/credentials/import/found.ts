import type { WireError } from '../../../../shared/errors/perch-error.ts';
import type { ImportObstacle } from '../../../../shared/model/credential-import.ts';
import type { ProviderRegistry } from '../../providers/registry.ts';

/** A value that some source has for a provider. It never leaves the core. */
export interface Found {
  readonly providerId: string;
  /** Undefined for an agent's own sign-in. */
  readonly variable: string | undefined;
  readonly value: string;
  /** Where it was found, to show. */
  readonly source: string;
  readonly why: ImportObstacle | undefined;
  /** The agent whose own sign-in it is. */
  readonly agentId?: string;
}

/** The result of one source. A part that could not be read is a problem, and the other parts still count. */
export interface Harvest {
  readonly found: readonly Found[];
  /** Variables that belong to no provider Perch knows. */
  readonly others: number;
  readonly problems: readonly WireError[];
}

export type Providers = Pick<ProviderRegistry, 'all'>;

/** The values among named ones that providers take, by the registry's names. A name may be several providers'. */
export function recognise(
  values: Readonly<Record<string, string>>,
  { providers, source }: { providers: Providers; source: string },
): Pick<Harvest, 'found' | 'others'> {
  const all = providers.all();
  const entries = Object.entries(values);
  const found = entries.flatMap(([variable, value]) =>
    all
      .filter((provider) => provider.variables.some(({ name }) => name === variable))
      .map(({ providerId }) => ({ providerId, variable, value, source, why: obstacle(value) })),
  );
  const known = new Set(found.map(({ variable }) => variable));
  return { found, others: entries.filter(([name]) => !known.has(name)).length };
}

/** `$NAME`, `${NAME}`, `$(command)`, `op://…`: stands for a value that is somewhere else. */
const REFERENCE = /^(?:\$(?:\w+|\{[^}]*\}|\(.*\))|[a-z][a-z0-9+-]*:\/\/\S+)$/i;

export function obstacle(value: string): ImportObstacle | undefined {
  const text = value.trim();
  if (text === '') return 'empty';
  return REFERENCE.test(text) ? 'reference' : undefined;
}
