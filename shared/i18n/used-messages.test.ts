import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import errors from '../../resources/locales/en/errors.json' with { type: 'json' };
import reasons from '../../resources/locales/en/reasons.json' with { type: 'json' };
import { type Messages, placeholdersOf } from './translate.ts';

const root = join(import.meta.dirname, '..', '..');

interface Raised {
  readonly file: string;
  readonly code: string;
  /** Undefined where the text does not show them: a variable, a spread. */
  readonly values: readonly string[] | undefined;
}

/** Every `new PerchError('CODE', { … })` of a source, with the names of its values. */
function raisedIn(file: string, text: string): Raised[] {
  return [...text.matchAll(/new PerchError\(\s*'([A-Z_]+)'\s*(?:,\s*(\{[^{}]*\}|[^,)]*))?/g)].map(
    ([, code, given]) => ({
      file,
      code: code ?? '',
      values: given === undefined || given.trim() === '' ? [] : namesIn(given.trim()),
    }),
  );
}

function namesIn(literal: string): string[] | undefined {
  if (!literal.startsWith('{') || literal.includes('...')) return undefined;
  const inside = literal.slice(1, -1).replace(/'[^']*'|`[^`]*`/g, "''");
  return inside
    .split(/,(?![^(]*\))/)
    .map((pair) => pair.trim().split(':')[0]?.trim() ?? '')
    .filter((name) => name !== '');
}

function sources(): { file: string; text: string }[] {
  return ['electron', 'shared', 'renderer']
    .flatMap((room) =>
      readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).map((name) => join(room, name)),
    )
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) && !/\b(testing|dev)\//.test(name))
    .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
}

describe('errors', () => {
  const raised = sources().flatMap(({ file, text }) => raisedIn(file, text));

  test('every sentence gets its values wherever the error is raised', () => {
    const shown = raised.filter(({ values }) => values !== undefined);
    expect(shown.length).toBeGreaterThan(30);
    const missing = shown.flatMap(({ file, code, values = [] }) =>
      placeholdersOf((errors as Messages)[`error.${code}`] ?? '')
        .filter((name) => !values.includes(name))
        .map((name) => `${file}: ${code} lacks {${name}}`),
    );
    expect(missing).toEqual([]);
  });

  test.each([
    ["new PerchError('X')", []],
    ["new PerchError('X', {}, { cause })", []],
    ["new PerchError('X', { a, b: f(c, d), e: 'k, l' }, { cause })", ['a', 'b', 'e']],
    ["new PerchError(\n  'X',\n  { a },\n)", ['a']],
    ["new PerchError('X', values)", undefined],
    ["new PerchError('X', { ...values, a })", undefined],
  ])('the values in %s', (text, values) => {
    expect(raisedIn('x', text)[0]?.values).toEqual(values);
  });
});

describe('reasons and notices', () => {
  test('every one that is given exists, and is used', () => {
    const text = sources()
      .map((source) => source.text)
      .join('\n');
    const used = [...text.matchAll(/'((?:reason|notice|conflict)\.[a-z-]+)'/g)].map(([, key]) => key ?? '');
    expect(used.length).toBeGreaterThan(10);
    expect([...new Set(used)].filter((key) => !Object.hasOwn(reasons, key))).toEqual([]);
    const families = [...text.matchAll(/`((?:reason|notice|conflict)\.[a-z-]+)\$\{/g)].map(
      ([, prefix]) => prefix ?? '',
    );
    const unused = Object.keys(reasons).filter(
      (key) => !used.includes(key) && !families.some((prefix) => key.startsWith(prefix)),
    );
    expect(unused).toEqual([]);
  });
});
