import type { Translate } from '../../shared/i18n/translate.ts';
import type { ModelInfo } from '../../shared/model/model-info.ts';
import { compactNumber } from '../i18n/format.ts';

/** A list of suggestions that is still looked through quickly; typing narrows it down. */
const MAX_CHOICES = 50;

export interface ModelChoice {
  readonly id: string;
  readonly label?: string;
}

/**
 * The models to offer for what is typed: those of the registry that nothing more is known of, then the known ones,
 * newest first. An agent needs a model that calls tools; the others are left out.
 */
export function modelChoices({
  known,
  examples,
  typed,
  label,
}: {
  known: readonly ModelInfo[];
  examples: readonly string[];
  typed: string;
  label: (model: ModelInfo) => string;
}): ModelChoice[] {
  const ids = new Set(known.map((model) => model.id));
  const choices = [
    ...examples.filter((id) => !ids.has(id)).map((id) => ({ id })),
    ...known.filter((model) => model.toolCall).map((model) => ({ id: model.id, label: label(model) })),
  ];
  return choices.filter((choice) => fits(choice, typed)).slice(0, MAX_CHOICES);
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
