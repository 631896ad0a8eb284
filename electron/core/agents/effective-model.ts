import type { ProviderRule } from '../../../shared/model/agent.ts';
import type { AgentAuth, SessionAuth } from '../../../shared/model/auth.ts';
import type { Agent } from './schema.ts';

/** The provider that answers the model calls of a session, or the reason why none can be named. */
type ProviderChoice =
  | { readonly state: 'not-needed' }
  | {
      readonly state: 'derived';
      readonly providerId: string;
      readonly by: ProviderRule;
    }
  /** `choices`: those that could answer now. */
  | { readonly state: 'underivable'; readonly choices: readonly string[] }
  /** Any of these would do, and there is no credential for one of them. */
  | { readonly state: 'no-credential'; readonly choices: readonly string[] }
  | { readonly state: 'unsupported'; readonly providerId: string };

/**
 * How it stands with an agent's credential for a provider. `troubled`: there is one, or maybe one, that cannot be used
 * now (expired, unreadable, still being asked about).
 */
export type CredentialStanding = 'usable' | 'troubled' | 'not-needed' | 'none';

export interface EffectiveModel {
  readonly auth: SessionAuth;
  readonly provider: ProviderChoice;
}

export interface EffectiveModelInput {
  readonly agent: Pick<Agent, 'providers'>;
  /** The model that this turn asked for; undefined when it asked for none. */
  readonly turnModel: string | undefined;
  readonly auth: AgentAuth;
  /** The model that the agent's own definition or the project names for a user who chose none. */
  readonly declaredModel?: string | undefined;
  /** Providers of the registry that call this model their own. */
  readonly ownersOfModel: (model: string) => readonly string[];
  readonly standing: (providerId: string) => CredentialStanding;
  /** The provider that the agent used last in this place. Absent: none yet. */
  readonly kept?: string | undefined;
}

/**
 * Decides the model and the provider of a turn, in this one place: the window shows, the gate checks and the session
 * gets exactly this result.
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
  { choices, ownersOfModel, standing, kept }: EffectiveModelInput & { choices: readonly string[] },
): Decided {
  if (choices.length === 0) return { model, provider: { state: 'not-needed' } };
  // With a chosen provider the model's id is that provider's own and passes whole: `a/b` is one name.
  if (chosen !== undefined) return { model, provider: chosenProvider(chosen, choices, 'setting') };
  return byModel(model, choices, ownersOfModel) ?? { model, provider: withoutModel(choices, { standing, kept }) };
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

/**
 * The provider in use stays for as long as there is a credential for it, also one in trouble: a second key must neither
 * stop an agent that works, nor send its prompts elsewhere.
 */
function withoutModel(
  choices: readonly string[],
  { standing, kept }: Pick<EffectiveModelInput, 'standing' | 'kept'>,
): ProviderChoice {
  const only = single(choices);
  if (only !== undefined) return { state: 'derived', providerId: only, by: 'only' };
  const standings = new Map(choices.map((providerId) => [providerId, standing(providerId)]));
  const those = (...wanted: CredentialStanding[]) =>
    choices.filter((providerId) => wanted.includes(standings.get(providerId) ?? 'none'));
  if (kept !== undefined && those('usable', 'troubled', 'not-needed').includes(kept)) {
    return { state: 'derived', providerId: kept, by: 'kept' };
  }
  const usable = those('usable');
  const [first] = usable.length > 0 ? usable : those('troubled');
  if (first !== undefined && usable.length < 2) return { state: 'derived', providerId: first, by: 'credential' };
  if (usable.length > 0) return { state: 'underivable', choices: those('usable', 'not-needed') };
  return { state: those('not-needed').length > 0 ? 'underivable' : 'no-credential', choices };
}

function single<T>(items: readonly T[]): T | undefined {
  return items.length === 1 ? items[0] : undefined;
}
