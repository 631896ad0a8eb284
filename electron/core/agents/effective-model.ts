import type { Agent } from './schema.ts';

/** Who answers the model calls of a session, or why that cannot be said. */
export type ProviderChoice =
  | { readonly state: 'not-needed' }
  | { readonly state: 'derived'; readonly providerId: string; readonly by: 'setting' | 'model' | 'only' | 'credential' }
  | { readonly state: 'underivable'; readonly choices: readonly string[] }
  | { readonly state: 'unsupported'; readonly providerId: string };

export interface EffectiveModel {
  /** Empty: the agent's own default. */
  readonly model: string;
  readonly provider: ProviderChoice;
}

export interface EffectiveModelInput {
  readonly agent: Pick<Agent, 'providers'>;
  /** What this turn asked for; undefined when it did not ask. */
  readonly turnModel: string | undefined;
  readonly settings: { readonly model: string; readonly providerId?: string | undefined };
  /** Providers of the registry that call this model their own. */
  readonly ownersOfModel: (model: string) => readonly string[];
  /** Whether the agent has a complete, readable credential for a provider that needs one. */
  readonly hasCredential: (providerId: string) => boolean;
}

/**
 * The model and the provider of a turn: the one place that decides them (R23). Shown, gated and given to the session
 * is what this says.
 */
export function effectiveModel(input: EffectiveModelInput): EffectiveModel {
  const model = input.turnModel ?? input.settings.model;
  const choices = input.agent.providers.map((provider) => provider.providerId);
  const chosen = input.settings.providerId;
  if (choices.length === 0) return { model, provider: { state: 'not-needed' } };
  if (chosen !== undefined) {
    // With a provider chosen, the model's id is that provider's own and passes whole: `a/b` is one name (R22).
    return choices.includes(chosen)
      ? { model, provider: { state: 'derived', providerId: chosen, by: 'setting' } }
      : { model, provider: { state: 'unsupported', providerId: chosen } };
  }
  return (
    byModel(model, choices, input.ownersOfModel) ?? { model, provider: withoutModel(choices, input.hasCredential) }
  );
}

function byModel(
  model: string,
  choices: readonly string[],
  ownersOfModel: (model: string) => readonly string[],
): EffectiveModel | undefined {
  if (model === '') return undefined;
  const owner = single(ownersOfModel(model).filter((providerId) => choices.includes(providerId)));
  if (owner !== undefined) return { model, provider: { state: 'derived', providerId: owner, by: 'model' } };
  const slash = model.indexOf('/');
  const prefix = model.slice(0, Math.max(slash, 0));
  const rest = model.slice(slash + 1);
  if (rest === '' || !choices.includes(prefix)) return undefined;
  return { model: rest, provider: { state: 'derived', providerId: prefix, by: 'model' } };
}

function withoutModel(choices: readonly string[], hasCredential: (providerId: string) => boolean): ProviderChoice {
  const only = single(choices);
  if (only !== undefined) return { state: 'derived', providerId: only, by: 'only' };
  const usable = single(choices.filter(hasCredential));
  if (usable !== undefined) return { state: 'derived', providerId: usable, by: 'credential' };
  return { state: 'underivable', choices };
}

function single<T>(items: readonly T[]): T | undefined {
  return items.length === 1 ? items[0] : undefined;
}
