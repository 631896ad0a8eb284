import type { Result } from '../../shared/contract/methods.ts';
import { defined } from '../../shared/defined.ts';
import type { Translate } from '../../shared/i18n/translate.ts';
import type { ListedModel } from '../../shared/model/live-models.ts';
import type { ModelInfo } from '../../shared/model/model-info.ts';
import { compactNumber } from '../i18n/format.ts';

/** A list of suggestions that is still looked through quickly; typing narrows it down. */
const MAX_CHOICES = 50;

export interface ModelChoice {
  readonly id: string;
  readonly label?: string;
  /** The model's provider; absent, the core finds it out. */
  readonly providerId?: string | undefined;
}

export interface ModelGroup {
  readonly kind: 'typed' | 'default' | 'recent' | 'listed' | 'known';
  readonly choices: readonly ModelChoice[];
}

type Recent = Result<'agents.recentModels'>['models'];

export interface ModelSources {
  readonly known: readonly ModelInfo[];
  /** The registry's examples, for a provider without further information. */
  readonly examples: readonly string[];
  /** The provider's own list; undefined when there is none. */
  readonly listed: readonly ListedModel[] | undefined;
  readonly recent: Recent;
  /** The provider that answers now. */
  readonly providerId: string | undefined;
  /** True when the user chose that provider: then only its models are of use. */
  readonly providerIsChosen: boolean;
}

/**
 * The models to offer for a typed text, each once: those that were used, then the provider's own list, or without one
 * the known models. Free text and the default are choices like others.
 */
export function modelGroups(sources: ModelSources, typed: string, label: (model: ModelInfo) => string): ModelGroup[] {
  const { recent, providerId, providerIsChosen } = sources;
  const fitting = (choices: readonly ModelChoice[]) => choices.filter((choice) => fits(choice, typed));
  const used = fitting(
    recent
      .filter((one) => !providerIsChosen || one.providerId === providerId)
      .map(({ model: id, ...rest }) => ({ id, ...rest })),
  );
  const isNew = ({ id }: ModelChoice) => !used.some((one) => one.id === id && one.providerId === providerId);
  const others = fitting(sources.listed === undefined ? knownChoices(sources, label) : listedChoices(sources, label))
    .filter(isNew)
    .slice(0, MAX_CHOICES)
    .map((choice) => ({ ...choice, ...defined({ providerId }) }));
  const wanted = typed.trim();
  const isThere = [...used, ...others].some(({ id }) => id === wanted);
  const groups: ModelGroup[] = [
    { kind: 'typed', choices: wanted === '' || isThere ? [] : [{ id: wanted }] },
    { kind: 'default', choices: wanted === '' ? [{ id: '' }] : [] },
    { kind: 'recent', choices: used },
    { kind: sources.listed === undefined ? 'known' : 'listed', choices: others },
  ];
  return groups.filter(({ choices }) => choices.length > 0);
}

/** The registry's examples without further information, then the known models, newest first. */
function knownChoices({ known, examples }: ModelSources, label: (model: ModelInfo) => string): ModelChoice[] {
  const ids = new Set(known.map((model) => model.id));
  return [
    ...examples.filter((id) => !ids.has(id)).map((id) => ({ id })),
    ...known.filter((model) => model.toolCall).map((model) => ({ id: model.id, label: label(model) })),
  ];
}

/**
 * Models with further information first, newest first. An agent needs a model that calls tools; others are left out.
 */
function listedChoices({ known, listed = [] }: ModelSources, label: (model: ModelInfo) => string): ModelChoice[] {
  const ids = new Set(listed.map(({ id }) => id));
  const about = new Map(known.map((model) => [model.id, model]));
  return [
    ...known
      .filter(({ id, toolCall }) => toolCall && ids.has(id))
      .map((model) => ({ id: model.id, label: label(model) })),
    ...listed.filter(({ id }) => !about.has(id)).map(({ id, name }) => ({ id, ...defined({ label: name }) })),
  ];
}

function fits({ id, label = '' }: ModelChoice, typed: string): boolean {
  const text = `${id} ${label}`.toLowerCase();
  const words = typed.toLowerCase().split(/\s+/);
  return words.every((word) => text.includes(word));
}

/** `Claude Opus 5.5 · 1M context · $4 in / $20 out per 1M tokens`. A price of nought is a subscription's: not said. */
export function modelLabel(model: ModelInfo, t: Translate, language: string): string {
  const { name, context, price } = model;
  const usd = (amount: number) =>
    new Intl.NumberFormat(language, {
      style: 'currency',
      currency: 'USD',
      minimumFractionDigits: 0,
      maximumFractionDigits: 4,
    }).format(amount);
  const parts = [name];
  if (context !== undefined) parts.push(t('model.context', { tokens: compactNumber(context, language) }));
  if (price !== undefined && price.input + price.output > 0) {
    parts.push(t('model.price', { input: usd(price.input), output: usd(price.output) }));
  }
  return parts.join(' · ');
}
