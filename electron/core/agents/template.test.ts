// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the placeholders are the subject
import { expect, test } from 'vitest';
import { fillTemplate, mergeTemplates, templateText } from './template.ts';

test('placeholders are filled in values and keys', () => {
  const template = { models: { '${model}': {} }, list: ['a-${model}', 1, true, null] };
  expect(fillTemplate(template, { model: 'x/y' })).toEqual({ models: { 'x/y': {} }, list: ['a-x/y', 1, true, null] });
});

test('what needs an empty placeholder disappears, and what is empty by it too', () => {
  const template = { keep: 'yes', model: '${model}', deep: { models: { '${model}': {} } }, list: ['${model}'] };
  expect(fillTemplate(template, { model: '' })).toEqual({ keep: 'yes' });
  expect(fillTemplate('${model}', {})).toBeUndefined();
});

test('what is written empty stays', () => {
  expect(fillTemplate({ a: {}, b: [] }, {})).toEqual({ a: {}, b: [] });
});

test('a value is put in as it is: it is no template itself', () => {
  expect(fillTemplate('${a}', { a: '${b} $& $1', b: 'no' })).toBe('${b} $& $1');
});

test('text of JSON is JSON', () => {
  expect(templateText({ a: '${x}' }, { x: '"quoted"' })).toBe('{"a":"\\"quoted\\""}');
  expect(templateText('plain', {})).toBe('plain');
});

test('merging joins objects and replaces the rest', () => {
  expect(mergeTemplates({ a: { b: 1, c: [1] }, d: 1 }, { a: { c: [2], e: 3 } })).toEqual({
    a: { b: 1, c: [2], e: 3 },
    d: 1,
  });
});
