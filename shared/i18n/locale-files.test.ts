import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ERROR_CODES } from '../errors/codes.ts';
import { LOCALES, type Locale } from './locale.ts';
import { type Messages, placeholdersOf } from './translate.ts';

const folder = join(import.meta.dirname, '..', '..', 'resources', 'locales');

const textOf = (locale: Locale, file: string) => readFileSync(join(folder, locale, file), 'utf8');
const messagesOf = (locale: Locale, file: string) => JSON.parse(textOf(locale, file)) as Messages;
const keysWrittenIn = (text: string) => [...text.matchAll(/^ *"((?:[^"\\]|\\.)+)":/gm)].map(([, key]) => key ?? '');
const filesOf = (locale: Locale) => readdirSync(join(folder, locale)).sort();

/** Marks of the formal address; German and French speak to the user informally. */
const FORMAL: Partial<Record<Locale, RegExp>> = {
  de: /\bIhnen\b|\bIhre[nmrs]?\b|\b[A-ZÄÖÜa-zäöü]+e?n Sie\b/,
  fr: /\b(vous|votre|vos)\b|\b(?:choisissez|vérifiez|ouvrez|réessayez|collez|installez)\b/i,
};

test('there is a folder for every language, and no other', () => {
  expect(readdirSync(folder).sort()).toEqual([...LOCALES].sort());
});

test('the languages have the same files', () => {
  for (const locale of LOCALES) expect(filesOf(locale), locale).toEqual(filesOf('en'));
});

describe.each(filesOf('en'))('%s', (file) => {
  const english = messagesOf('en', file);

  describe.each(LOCALES)('%s', (locale) => {
    test('has the keys of the English file, each once', () => {
      expect(keysWrittenIn(textOf(locale, file)).sort()).toEqual(Object.keys(english).sort());
    });

    test('has the placeholders of the English sentences', () => {
      const placeholders = (messages: Messages) =>
        Object.fromEntries(Object.entries(messages).map(([key, message]) => [key, placeholdersOf(message)]));
      expect(placeholders(messagesOf(locale, file))).toEqual(placeholders(english));
    });

    test('has no empty sentence, and none that addresses the user formally', () => {
      const bad = Object.entries(messagesOf(locale, file)).filter(
        ([, message]) => message.trim() !== message || message === '' || FORMAL[locale]?.test(message),
      );
      expect(bad).toEqual([]);
    });
  });
});

test('every error code has a sentence, and every sentence a code', () => {
  const codes = ERROR_CODES.map((code) => `error.${code}`);
  const sentences = [...codes, 'error.MISSING_BYOK_CREDENTIAL.sign-in'];
  expect(Object.keys(messagesOf('en', 'errors.json')).sort()).toEqual(sentences.sort());
});

test.each([
  ['de', 'Wählen Sie einen Ordner.'],
  ['de', 'Das sind Ihre Daten.'],
  ['fr', 'Choisissez un dossier.'],
  ['fr', 'Ce sont vos données.'],
] as const)('a formal address is noticed: %s, %s', (locale, sentence) => {
  expect(FORMAL[locale]?.test(sentence)).toBe(true);
});
