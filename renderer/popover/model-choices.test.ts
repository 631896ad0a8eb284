import { describe, expect, test } from 'vitest';
import messages from '../../resources/locales/en/window.json' with { type: 'json' };
import { createTranslator } from '../../shared/i18n/translate.ts';
import type { ModelInfo } from '../../shared/model/model-info.ts';
import { type ModelSources, modelGroups, modelLabel } from './model-choices.ts';

const t = createTranslator(messages);

function model(id: string, patch: Partial<ModelInfo> = {}): ModelInfo {
  return { id, name: id.toUpperCase(), toolCall: true, reasoning: false, ...patch };
}

const NONE: ModelSources = {
  known: [],
  examples: [],
  listed: undefined,
  recent: [],
  providerId: 'openai',
  providerIsChosen: false,
};
const groups = (sources: Partial<ModelSources>, typed = '') =>
  modelGroups({ ...NONE, ...sources }, typed, (one) => one.name);
const idsOf = (sources: Partial<ModelSources>, typed = '') =>
  Object.fromEntries(groups(sources, typed).map(({ kind, choices }) => [kind, choices.map(({ id }) => id)]));

describe('without a list of the provider itself', () => {
  test('where nothing is known the examples are offered, without a label', () => {
    expect(groups({ examples: ['a', 'b'] })).toEqual([
      { kind: 'default', choices: [{ id: '' }] },
      {
        kind: 'known',
        choices: [
          { id: 'a', providerId: 'openai' },
          { id: 'b', providerId: 'openai' },
        ],
      },
    ]);
  });

  test('an example that the data does not know yet comes first, each model once', () => {
    expect(idsOf({ known: [model('b'), model('c')], examples: ['a', 'c'] }).known).toEqual(['a', 'b', 'c']);
  });

  test('a model without tools is nothing for an agent, even when it is an example', () => {
    expect(idsOf({ known: [model('a', { toolCall: false }), model('b')], examples: ['a'] }).known).toEqual(['b']);
  });

  test('of hundreds only the newest are offered, but all of them are searched', () => {
    const known = Array.from({ length: 400 }, (_, index) => model(`m-${index}-end`));
    expect(idsOf({ known }).known).toHaveLength(50);
    expect(idsOf({ known }, 'm-399-').known).toEqual(['m-399-end']);
  });
});

describe('with a list of the provider itself', () => {
  const known = [model('b'), model('gone'), model('no-tools', { toolCall: false })];
  test('what more is known of comes first; what it does not list, or what calls no tools, is left out', () => {
    const listed = [{ id: 'new', name: 'New One' }, { id: 'no-tools' }, { id: 'b' }, { id: 'other' }];
    expect(groups({ known, examples: ['example'], listed })[1]).toEqual({
      kind: 'listed',
      choices: [
        { id: 'b', label: 'B', providerId: 'openai' },
        { id: 'new', label: 'New One', providerId: 'openai' },
        { id: 'other', providerId: 'openai' },
      ],
    });
  });
  test('an empty one is a list', () => {
    expect(idsOf({ known, listed: [] })).toEqual({ default: [''] });
  });
});

describe('what was used', () => {
  const recent = [
    { model: 'a/b', providerId: 'openrouter' },
    { model: 'b', providerId: 'openai' },
  ];
  test('comes before the rest, each model once, with its provider', () => {
    expect(groups({ known: [model('b'), model('c')], recent })).toEqual([
      { kind: 'default', choices: [{ id: '' }] },
      {
        kind: 'recent',
        choices: [
          { id: 'a/b', providerId: 'openrouter' },
          { id: 'b', providerId: 'openai' },
        ],
      },
      { kind: 'known', choices: [{ id: 'c', label: 'C', providerId: 'openai' }] },
    ]);
  });
  test('with a chosen provider only what was used with that one', () => {
    expect(idsOf({ recent, providerIsChosen: true }).recent).toEqual(['b']);
  });
});

describe('what is typed', () => {
  const known = [model('z-ai/glm-5.3', { name: 'GLM 5.3' }), model('x/glm-4', { name: 'GLM 4' })];
  test('is searched by words, in the id and in the name', () => {
    expect(idsOf({ known }, ' glm 5.3').known).toEqual(['z-ai/glm-5.3']);
    expect(idsOf({ known }, 'Z-AI').known).toEqual(['z-ai/glm-5.3']);
    expect(idsOf({ known, recent: [{ model: 'z-ai/old' }] }, 'z-ai').recent).toEqual(['z-ai/old']);
  });
  test('is a choice of its own, whole, unless it is one already', () => {
    expect(idsOf({ known }, ' my/own-model ')).toEqual({ typed: ['my/own-model'] });
    expect(idsOf({ known }, 'x/glm-4')).toEqual({ known: ['x/glm-4'] });
  });
  test('leaves the default out: that is nothing typed', () => {
    expect(groups({}, 'x').map(({ kind }) => kind)).toEqual(['typed']);
    expect(groups({}, '').map(({ kind }) => kind)).toEqual(['default']);
  });
});

test.each<[string, Partial<ModelInfo>, string]>([
  ['all', { context: 1_000_000, price: { input: 4, output: 20 } }, 'A · 1M context · $4 in / $20 out per 1M tokens'],
  ['a small price', { price: { input: 0.0375, output: 0.15 } }, 'A · $0.0375 in / $0.15 out per 1M tokens'],
  ['a subscription', { context: 128_000, price: { input: 0, output: 0 } }, 'A · 128K context'],
  ['nothing', {}, 'A'],
])('a label says what is known: %s', (_, patch, expected) => {
  expect(modelLabel(model('a', patch), t, 'en')).toBe(expected);
});
