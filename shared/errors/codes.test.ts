import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LOCALES, type Locale } from '../i18n/locale.ts';
import { type Messages, placeholdersOf } from '../i18n/translate.ts';
import { ERROR_CODES } from './codes.ts';
import { REMEDIES } from './remedies.ts';

const root = join(import.meta.dirname, '..', '..');

const ROOMS = ['electron', 'shared'];
/** These only look at codes, or list them. */
const NO_SOURCE = /\.test\.ts$|\/testing\/|shared\/errors\/(?:codes|remedies)\.ts$/;
const sources = ROOMS.flatMap((room) =>
  readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).map((name) => `${room}/${name}`),
)
  .filter((name) => name.endsWith('.ts') && !NO_SOURCE.test(name))
  .map((name) => readFileSync(join(root, name), 'utf8'))
  .join('\n');

/** Made into an error: given to whatever makes one, the `code: 'X'` of a wire error, or a choice between two. */
const raisedIn = (text: string, code: string) =>
  new RegExp(String.raw`(?:(?<!has|includes)\(\s*|\bcode: |[?:] |return |[^=!]= )'${code}'`).test(text);

const sentencesOf = (locale: Locale) =>
  JSON.parse(readFileSync(join(root, 'resources', 'locales', locale, 'errors.json'), 'utf8')) as Messages;
const sentences = Object.fromEntries(LOCALES.map((locale) => [locale, sentencesOf(locale)]));

describe.each(ERROR_CODES)('%s', (code) => {
  test('has a sentence in every language, with the same values', () => {
    const said = LOCALES.map((locale) => sentences[locale]?.[`error.${code}`] ?? '');
    expect(said.every((sentence) => sentence.trim() !== '')).toBe(true);
    const [english, ...others] = said.map(placeholdersOf);
    for (const other of others) expect(other).toEqual(english);
  });

  test('has a way out', () => expect(REMEDIES[code]).toBeTypeOf('string'));

  test('is raised somewhere', () => {
    expect(raisedIn(sources, code)).toBe(true);
  });
});

test('a code that is only compared or listed is not raised', () => {
  expect(raisedIn("if (code === 'X') return; const known = new Set(['X', 'Y']); known.has('X');", 'X')).toBe(false);
  expect(raisedIn("throw new PerchError(\n  'X',\n  {},\n);", 'X')).toBe(true);
  expect(raisedIn("const code = late ? 'X' : 'Y';", 'Y')).toBe(true);
});
