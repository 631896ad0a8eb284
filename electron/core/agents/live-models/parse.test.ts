import { join } from 'node:path';
import { expect, test } from 'vitest';
import { modelList } from '../../../../e2e/fake-providers/model-lists.ts';
import { loadProviders } from '../../providers/load.ts';
import { parseModelList } from './parse.ts';

const providers = loadProviders(join(import.meta.dirname, '../../../../resources'));
const shapeOf = (providerId: string) => {
  const shape = providers.get(providerId)?.modelList;
  if (shape === undefined) throw new Error(`${providerId} lists nothing`);
  return shape;
};
const parse = (providerId: string, answer: unknown) => parseModelList(JSON.stringify(answer), shapeOf(providerId));

test.each([
  ['anthropic', modelList('anthropic-messages')],
  ['openai', modelList('openai-responses')],
  ['google', modelList('gemini')],
  ['openrouter', modelList('openai-chat')],
])('what %s answers', (providerId, answer) => {
  expect(parse(providerId, answer)).toEqual([{ id: 'fake-model' }]);
});

test('names, and ids without what agents do without', () => {
  const methods = ['generateContent', 'countTokens'];
  expect(
    parse('google', {
      models: [
        { name: 'models/gemini-x', displayName: 'Gemini X', supportedGenerationMethods: methods },
        { name: 'models/embedding-x', displayName: 'Embedding', supportedGenerationMethods: ['embedContent'] },
      ],
    }),
  ).toEqual([{ id: 'gemini-x', name: 'Gemini X' }]);
});

test('what calls no tools is left out where the provider says so, and stays where it says nothing', () => {
  const data = [
    { id: 'a/with', name: 'With', supported_parameters: ['tools', 'seed'] },
    { id: 'a/without', supported_parameters: ['seed'] },
    { id: 'a/unknown' },
  ];
  expect(parse('openrouter', { data })).toEqual([{ id: 'a/with', name: 'With' }, { id: 'a/unknown' }]);
});

test('a list that is the answer itself', () => {
  expect(
    parse('together', [
      { id: 'a/b', type: 'chat' },
      { id: 'c/d', type: 'image' },
    ]),
  ).toEqual([{ id: 'a/b' }]);
});

test('each once; what is no model is passed over', () => {
  const data = [{ id: 'x' }, { id: 'x' }, { id: 3 }, null, 'x', { id: ' ' }, { id: 'y'.repeat(300) }, { other: 'z' }];
  expect(parse('openai', { data })).toEqual([{ id: 'x' }]);
  const many = Array.from({ length: 6000 }, (_, index) => ({ id: `m-${index}` }));
  expect(parse('openai', { data: many })).toHaveLength(5000);
});

test.each(['', '<html>', '{"data":[{"id":"x"},', '{}', '{"data":{}}', 'null', '"data"'])('%j is no list', (body) => {
  expect(parseModelList(body, shapeOf('openai'))).toBeUndefined();
});
