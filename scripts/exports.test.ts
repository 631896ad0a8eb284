import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const FOLDERS = ['shared', 'electron', 'renderer', 'scripts', 'bench', 'e2e'];
/** Takes the place of the module `electron`, which the built program imports by its name. */
const STANDS_FOR_A_MODULE = /^e2e\/fake-electron\//;

type Sources = ReadonlyMap<string, string>;

function sources(): Sources {
  const pattern = `{${FOLDERS.join(',')}}/**/*.{ts,tsx,mjs}`;
  const names = globSync(pattern, { cwd: root, exclude: (name) => basename(name) === 'node_modules' });
  return new Map(names.map((name) => [name.split('\\').join('/'), readFileSync(join(root, name), 'utf8')]));
}

/** The names that other files import, by file; `*`: the whole file, or a name that is only known when it runs. */
function importedNames(files: Sources): ReadonlyMap<string, ReadonlySet<string>> {
  const imported = new Map<string, Set<string>>();
  const note = (from: string, target: string, names: readonly string[]) => {
    const file = posix.normalize(posix.join(posix.dirname(from), target));
    const known = imported.get(file) ?? new Set();
    imported.set(file, known);
    for (const name of names) known.add(name);
  };
  for (const [file, text] of files) {
    for (const [, clause = '', target = ''] of text.matchAll(
      /(?:import|export)\s+([^;'"]*?)\s*from\s*['"](\.[^'"]+)['"]/g,
    ))
      note(file, target, namesOf(clause));
    for (const [, target = ''] of text.matchAll(/import\(\s*['"](\.[^'"]+)['"]\s*\)/g)) note(file, target, ['*']);
  }
  return imported;
}

function namesOf(clause: string): string[] {
  if (clause.includes('*')) return ['*'];
  const inBraces = /\{([^}]*)\}/.exec(clause)?.[1] ?? '';
  return inBraces.split(',').map(
    (name) =>
      name
        .trim()
        .replace(/^type\s+/, '')
        .split(/\s+as\s+/)[0] ?? '',
  );
}

/**
 * Exported values that no other file imports, as `file: name`. Types may be exported for the sake of a declaration that
 * names them.
 */
function needless(files: Sources): string[] {
  const imported = importedNames(files);
  return [...files].flatMap(([file, text]) => {
    const names = imported.get(file) ?? new Set();
    if (names.has('*') || STANDS_FOR_A_MODULE.test(file) || !/\.tsx?$/.test(file)) return [];
    const found = text.matchAll(/^export (?:async )?(?:function|const|class|enum) (\w+)/gm);
    return [...found]
      .map(([, name = '']) => name)
      .filter((name) => !names.has(name))
      .map((name) => `${file}: ${name}`);
  });
}

test('a value is exported only where another file imports it', () => {
  expect(needless(sources())).toEqual([]);
});

test.each<[string, Record<string, string>, readonly string[]]>([
  ['is named', { 'a/one.ts': 'export function one() {}\nexport const two = 2;' }, ['a/one.ts: one', 'a/one.ts: two']],
  [
    'is not named when it is imported',
    { 'a/one.ts': 'export const one = 1;', 'b/two.ts': "import { one as other } from '../a/one.ts';" },
    [],
  ],
  [
    'is not named when its file is imported whole',
    { 'a/one.ts': 'export const one = 1;', 'a/two.ts': "await import('./one.ts');" },
    [],
  ],
  ['is not named when it is a type', { 'a/one.ts': 'export interface One {}\nexport type Two = One;' }, []],
])('a needless export %s', (_, files, expected) => {
  expect(needless(new Map(Object.entries(files)))).toEqual(expected);
});
