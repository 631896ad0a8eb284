import fc from 'fast-check';
import { expect, test } from 'vitest';
import { definitionOf, draftOf, EMPTY_DRAFT, idFromName } from './draft.ts';
import { joinWords, splitWords } from './words.ts';

test.each([
  ['my-agent --acp', ['my-agent', '--acp']],
  ['  a   b ', ['a', 'b']],
  ['"two words" \'$HOME\' ""', ['two words', '$HOME', '']],
  ['a\\ b "c\\"d" \'e\\f\'', ['a b', 'c"d', 'e\\f']],
  ['', []],
  ['"open', undefined],
])('%j is read as words, and nothing in it expanded', (line, words) => {
  expect(splitWords(line)).toEqual(words);
});

test('words come back as they were', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (words) => {
      expect(splitWords(joinWords(words))).toEqual(words);
    }),
  );
});

test('an id is made from the name', () => {
  expect(['Mein Prüfer 2', '  42 Ålesund!', '…'].map(idFromName)).toEqual(['mein-pru-fer-2', 'a-lesund', '']);
  fc.assert(
    fc.property(fc.string(), (name) => {
      expect(idFromName(name)).toMatch(/^(?:[a-z][a-z0-9]*(?:-[a-z0-9]+)*)?$/);
    }),
  );
});

test('a form becomes a definition, and a definition a form', () => {
  const draft = { ...EMPTY_DRAFT, name: 'My agent', command: 'my-agent "two words"', variables: 'A=1\n\nB=x=y' };
  const made = definitionOf(draft);
  expect(made).toEqual({
    definition: {
      agentId: 'my-agent',
      name: 'My agent',
      description: '',
      runs: { kind: 'program', command: ['my-agent', 'two words'] },
      model: '',
      variables: { A: '1', B: 'x=y' },
    },
  });
  if ('definition' in made) expect(definitionOf(draftOf(made.definition))).toEqual(made);
});

test.each([
  ['name', { name: ' ' }],
  ['agentId', { name: '…', command: 'x' }],
  ['agentId', { name: 'A', command: 'x', agentId: 'Not An Id' }],
  ['command', { name: 'A', command: ' ' }],
  ['command', { name: 'A', command: '"' }],
  ['base', { name: 'A', kind: 'variant' as const }],
  ['variables', { name: 'A', command: 'x', variables: 'no value' }],
  ['variables', { name: 'A', command: 'x', variables: '1=2' }],
])('%s is said to be not right yet', (problem, change) => {
  expect(definitionOf({ ...EMPTY_DRAFT, ...change })).toEqual({ problem });
});
