import { expect, test } from 'vitest';
import { languagesOf, localeOf, resolveLocale } from './locale.ts';

test.each([
  ['de', 'de'],
  ['de-AT', 'de'],
  ['de_CH.UTF-8@euro', 'de'],
  ['FR', 'fr'],
  ['fr_FR', 'fr'],
  ['en-US', 'en'],
  ['C', 'en'],
  ['C.UTF-8', 'en'],
  ['POSIX', 'en'],
  ['nl_NL.UTF-8', undefined],
  ['den', undefined],
  ['', undefined],
])('%o is %o', (tag, locale) => {
  expect(localeOf(tag)).toBe(locale);
});

test('the setting decides before the system', () => {
  expect(resolveLocale('fr', ['de'])).toBe('fr');
  expect(resolveLocale('system', ['nl-NL', 'de-DE', 'fr'])).toBe('de');
  expect(resolveLocale('system', ['nl-NL'])).toBe('en');
  expect(resolveLocale('system', [])).toBe('en');
});

test.each([
  [{ LANG: 'de_DE.UTF-8' }, ['de_DE.UTF-8']],
  [{ LANG: 'de_DE.UTF-8', LC_MESSAGES: 'fr_FR' }, ['fr_FR']],
  [{ LANG: 'de_DE.UTF-8', LC_ALL: 'en_GB' }, ['en_GB']],
  [{ LANG: 'de_DE.UTF-8', LC_ALL: '' }, ['de_DE.UTF-8']],
  [{ LANG: 'en_US.UTF-8', LANGUAGE: 'nl:fr' }, ['nl', 'fr', 'en_US.UTF-8']],
  [{ LANG: 'C.UTF-8', LANGUAGE: 'fr' }, []],
  [{ LC_ALL: 'C', LANG: 'de_DE.UTF-8' }, []],
  [{ LANGUAGE: 'fr' }, []],
  [{}, []],
])('%o asks for %o', (environment, languages) => {
  expect(languagesOf(environment)).toEqual(languages);
});
