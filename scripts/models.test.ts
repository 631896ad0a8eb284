import { expect, test } from 'vitest';
import { readDataLiteral } from './lib/data-literal.mjs';
import { reduceModels } from './lib/reduce-models.mjs';

test('a literal is read as minifiers write it', () => {
  const text = `f({a:!0,"b-c":[1,.5,-2e3,],'d':"x\\"\\u00e9\\n$",e:\`z\`,$f:null,7:{}}),g`;
  const { value, end } = readDataLiteral(text, 2);
  expect(value).toEqual({ a: true, 'b-c': [1, 0.5, -2000], d: 'x"é\n$', e: 'z', $f: null, 7: {} });
  expect(text.slice(end)).toBe('),g');
});

test('JSON is one too', () => {
  const value = { a: [true, false, null, 1.5, 'x\\y'], b: {} };
  expect(readDataLiteral(JSON.stringify(value)).value).toEqual(value);
});

test.each(['{a:process.exit()}', '{a:`$' + '{b}`}', '{a:1', '["x', '{a:1 b:2}', '{...a}'])('%s is refused', (text) => {
  expect(() => readDataLiteral(text)).toThrow(SyntaxError);
});

const MODEL = {
  id: 'm',
  name: 'M',
  family: 'f',
  release_date: '2026-01-02',
  tool_call: true,
  reasoning: false,
  modalities: { input: ['text', 'image'], output: ['text'] },
  limit: { context: 1000, output: 0 },
  cost: { input: 1, output: 2, cache_read: 0.1, tiers: [] },
  open_weights: true,
};
const reduced = (...models: { id: string; [field: string]: unknown }[]) =>
  reduceModels({ p: { models: Object.fromEntries(models.map((model) => [model.id, model])) }, q: {} }, ['p']);

test('a model is reduced to what is used', () => {
  expect(reduced(MODEL)).toEqual({
    p: [
      {
        id: 'm',
        name: 'M',
        context: 1000,
        price: { input: 1, output: 2, cacheRead: 0.1 },
        released: '2026-01-02',
        toolCall: true,
        reasoning: false,
      },
    ],
  });
});

test('what is retired or no writer of text is left out, and the newest comes first', () => {
  const { p } = reduced(
    MODEL,
    { ...MODEL, id: 'old', status: 'deprecated' },
    { ...MODEL, id: 'painter', modalities: { input: ['text'], output: ['text', 'image'] } },
    { ...MODEL, id: 'vectors', family: 'text-embedding' },
    { ...MODEL, id: 'newer', release_date: '2026-02-01', status: 'beta' },
  );
  expect(p?.map((model) => model.id)).toEqual(['newer', 'm']);
});

test('a price below nought is none: the router charges what it routes to', () => {
  expect(reduced({ ...MODEL, cost: { input: -1, output: -1 } }).p?.[0]).not.toHaveProperty('price');
});

test('a former name is left out', () => {
  expect(reduceModels({ p: { models: {} } }, ['p', 'former'])).toEqual({ p: [] });
});
