import type { AgentAuth, SessionAuth } from '../../../shared/model/auth.ts';
import type { Agent } from './schema.ts';

/** Who answers the model calls of a session, or why that cannot be said. */
export type ProviderChoice =
  | { readonly state: 'not-needed' }
  | {
      readonly state: 'derived';
      readonly providerId: string;
      readonly by: 'setting' | 'model' | 'only' | 'credential' | 'gateway';
    }
  | { readonly state: 'underivable'; readonly choices: readonly string[] }
  | { readonly state: 'unsupported'; readonly providerId: string };

export interface EffectiveModel {
  readonly auth: SessionAuth;
  readonly provider: ProviderChoice;
}

export interface EffectiveModelInput {
  readonly agent: Pick<Agent, 'providers'>;
  /** What this turn asked for; undefined when it did not ask. */
  readonly turnModel: string | undefined;
  readonly auth: AgentAuth;
  /** What the agent's own definition, or the project, names where the user chose none. Absent: nothing. */
  readonly declaredModel?: string | undefined;
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
  const { agent, auth, turnModel } = input;
  const choices = agent.providers.map((provider) => provider.providerId);
  if (auth.mode === 'managed') {
    const { gateway, allowedModels } = auth;
    const model = turnModel || allowedModels[0];
    const provider = chosenProvider(gateway.providerId, choices, 'gateway');
    return { auth: { mode: 'managed', model, gateway, allowedModels }, provider };
  }
  const { model, provider } = ofByo(turnModel ?? (auth.model || (input.declaredModel ?? '')), auth.providerId, {
    ...input,
    choices,
  });
  return { auth: { mode: 'byo', model }, provider };
}

interface Decided {
  readonly model: string;
  readonly provider: ProviderChoice;
}

function ofByo(
  model: string,
  chosen: string | undefined,
  { choices, ownersOfModel, hasCredential }: EffectiveModelInput & { choices: readonly string[] },
): Decided {
  if (choices.length === 0) return { model, provider: { state: 'not-needed' } };
  // With a provider chosen, the model's id is that provider's own and passes whole: `a/b` is one name (R22).
  if (chosen !== undefined) return { model, provider: chosenProvider(chosen, choices, 'setting') };
  return byModel(model, choices, ownersOfModel) ?? { model, provider: withoutModel(choices, hasCredential) };
}

function chosenProvider(providerId: string, choices: readonly string[], by: 'setting' | 'gateway'): ProviderChoice {
  return choices.includes(providerId) ? { state: 'derived', providerId, by } : { state: 'unsupported', providerId };
}

function byModel(
  model: string,
  choices: readonly string[],
  ownersOfModel: (model: string) => readonly string[],
): Decided | undefined {
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
