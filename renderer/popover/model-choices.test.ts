import { expect, test } from 'vitest';
import messages from '../../resources/locales/en/window.json' with { type: 'json' };
import { createTranslator } from '../../shared/i18n/translate.ts';
import type { ModelInfo } from '../../shared/model/model-info.ts';
import { modelChoices, modelLabel } from './model-choices.ts';

const t = createTranslator(messages);

function model(id: string, patch: Partial<ModelInfo> = {}): ModelInfo {
  return { id, name: id.toUpperCase(), toolCall: true, reasoning: false, ...patch };
}

const choices = (known: ModelInfo[], typed = '', examples: string[] = []) =>
  modelChoices({ known, examples, typed, label: (one) => one.name }).map((choice) => choice.id);

test('where nothing is known the examples are offered, without a label', () => {
  const offered = modelChoices({ known: [], examples: ['a', 'b'], typed: '', label: () => 'x' });
  expect(offered).toEqual([{ id: 'a' }, { id: 'b' }]);
});

test('an example that the data does not know yet comes first, each model once', () => {
  expect(choices([model('b'), model('c')], '', ['a', 'c'])).toEqual(['a', 'b', 'c']);
});

test('a model without tools is nothing for an agent, even when it is an example', () => {
  expect(choices([model('a', { toolCall: false }), model('b')], '', ['a'])).toEqual(['b']);
});

test('it is searched by words, in the id and in the name', () => {
  const known = [model('z-ai/glm-5.3', { name: 'GLM 5.3' }), model('x/glm-4', { name: 'GLM 4' })];
  expect(choices(known, ' glm 5.3')).toEqual(['z-ai/glm-5.3']);
  expect(choices(known, 'Z-AI')).toEqual(['z-ai/glm-5.3']);
  expect(choices(known, 'my-own-model')).toEqual([]);
});

test('of hundreds only the newest are offered, but all of them are searched', () => {
  const many = Array.from({ length: 400 }, (_, index) => model(`m-${index}-end`));
  expect(choices(many)).toHaveLength(50);
  expect(choices(many, 'm-399-')).toEqual(['m-399-end']);
});

test.each<[string, Partial<ModelInfo>, string]>([
  ['all', { context: 1_000_000, price: { input: 4, output: 20 } }, 'A · 1M context · $4 in / $20 out per 1M tokens'],
  ['a small price', { price: { input: 0.0375, output: 0.15 } }, 'A · $0.0375 in / $0.15 out per 1M tokens'],
  ['a subscription', { context: 128_000, price: { input: 0, output: 0 } }, 'A · 128K context'],
  ['nothing', {}, 'A'],
])('a label says what is known: %s', (_, patch, expected) => {
  expect(modelLabel(model('a', patch), t, 'en')).toBe(expected);
});
