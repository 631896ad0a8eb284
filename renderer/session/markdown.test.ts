import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseBlock, parseInline, splitBlocks } from './markdown.ts';

describe('blocks', () => {
  test('blank lines divide, except within a fence', () => {
    expect(splitBlocks('a\nb\n\nc\n\n```ts\nx\n\ny\n```\nd')).toEqual(['a\nb', 'c', '```ts\nx\n\ny\n```', 'd']);
  });

  test('a list and a heading need no blank line before them', () => {
    expect(splitBlocks('Steps:\n- one\n- two\n## Next\ntext')).toEqual(['Steps:', '- one\n- two', '## Next', 'text']);
  });

  test('a fence that is still open is code already', () => {
    expect(parseBlock('```ts\nconst a')).toEqual({ kind: 'code', language: 'ts', text: 'const a' });
  });

  test.each([
    ['## Title', { kind: 'heading', level: 2, text: 'Title' }],
    ['3. c\n4. d', { kind: 'list', ordered: true, start: 3, items: ['c', 'd'] }],
    ['- a\n  more', { kind: 'list', ordered: false, start: 1, items: ['a\n  more'] }],
    ['> said', { kind: 'quote', text: 'said' }],
    ['---', { kind: 'rule' }],
    ['| a | b |\n|---|---|', { kind: 'table', text: '| a | b |\n|---|---|' }],
    ['plain', { kind: 'paragraph', text: 'plain' }],
  ])('%j', (source, block) => {
    expect(parseBlock(source)).toEqual(block);
  });

  test('no text of any block is lost', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '`', '#', '\n', ' ', '-', '*', '>', '|', '1', '.') }),
        (text) => {
          const kept = splitBlocks(text).join('\n').replaceAll(/\s/g, '');
          expect(kept).toBe(text.replaceAll(/\s/g, ''));
        },
      ),
    );
  });
});

describe('within a line', () => {
  test.each([
    ['a `b` c', ['text:a ', 'code:b', 'text: c']],
    ['**bold** and *so*', ['strong:bold', 'text: and ', 'emphasis:so']],
    ['snake_case_name and 2 * 3 * 4', ['text:snake_case_name and 2 * 3 * 4']],
    ['see https://example.org/a.', ['text:see ', 'link:https://example.org/a', 'text:.']],
    ['`**not bold**`', ['code:**not bold**']],
  ])('%s', (text, parts) => {
    expect(parseInline(text).map((part) => `${part.kind}:${part.text}`)).toEqual(parts);
  });

  test('only web addresses become links', () => {
    expect(parseInline('[x](javascript:alert)').some((part) => part.kind === 'link')).toBe(false);
    expect(parseInline('[x](https://a.example)')).toEqual([{ kind: 'link', text: 'x', href: 'https://a.example' }]);
  });

  test('a hostile line costs no time worth telling', () => {
    expect(parseInline('*'.repeat(20_000)).length).toBeGreaterThan(0);
    expect(parseInline('`'.repeat(20_000)).length).toBeGreaterThan(0);
    expect(parseInline('['.repeat(20_000)).length).toBeGreaterThan(0);
  });
});
