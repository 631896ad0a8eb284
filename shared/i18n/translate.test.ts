import { expect, test } from 'vitest';
import { createTranslator, placeholdersOf, type TranslationProblem } from './translate.ts';

function translatorOf(messages: Record<string, string>) {
  const problems: TranslationProblem[] = [];
  return { t: createTranslator(messages, (problem) => problems.push(problem)), problems };
}

test('placeholders are filled, as often as they occur', () => {
  const { t, problems } = translatorOf({ hello: '{name}, {name} and {count} more' });
  expect(t('hello', { name: 'Ada', count: 0 })).toBe('Ada, Ada and 0 more');
  expect(problems).toEqual([]);
});

test('a missing key is visible and reported', () => {
  const { t, problems } = translatorOf({});
  expect(t('nowhere')).toBe('[nowhere]');
  expect(problems).toEqual([{ kind: 'missing-key', key: 'nowhere' }]);
});

test('a missing value is visible and reported', () => {
  const { t, problems } = translatorOf({ lost: 'No such file: {file}' });
  expect(t('lost')).toBe('No such file: {file}');
  expect(problems).toEqual([{ kind: 'missing-value', key: 'lost', placeholder: 'file' }]);
});

test('names that every object has are no keys and no values', () => {
  const { t } = translatorOf({ odd: '{constructor}' });
  expect(t('toString')).toBe('[toString]');
  expect(t('odd')).toBe('{constructor}');
});

test('a value is text: neither its braces nor its dollar signs are read', () => {
  const { t } = translatorOf({ is: 'It is {value}, {other}.' });
  expect(t('is', { value: '{other}', other: '$&' })).toBe('It is {other}, $&.');
});

test('other braces stay as they are', () => {
  const { t } = translatorOf({ json: '{} {"a": 1} { name }' });
  expect(t('json')).toBe('{} {"a": 1} { name }');
});

test('the placeholders of a sentence, each once', () => {
  expect(placeholdersOf('{b} {a} {b}')).toEqual(['a', 'b']);
});
