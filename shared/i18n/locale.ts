import type { Settings } from '../model/settings.ts';

export const LOCALES = ['en', 'de', 'fr'] as const;
export type Locale = (typeof LOCALES)[number];

/** The user's choice, else the first of the system's languages that Perch speaks, else English. */
export function resolveLocale(choice: Settings['locale'], systemLanguages: readonly string[]): Locale {
  if (choice !== 'system') return choice;
  for (const language of systemLanguages) {
    const locale = localeOf(language);
    if (locale !== undefined) return locale;
  }
  return 'en';
}

/** `de`, `de-AT`, `de_CH.UTF-8@euro`, `DE` → `de`; a language that Perch does not speak → undefined. */
export function localeOf(tag: string): Locale | undefined {
  const language = tag
    .trim()
    .toLowerCase()
    .split(/[-_.@]/)[0];
  // `C` and `POSIX` are the absence of a language, which programs speak English in.
  if (language === 'c' || language === 'posix') return 'en';
  return LOCALES.find((locale) => locale === language);
}

/**
 * The languages that a POSIX environment asks for, most wanted first. `LC_ALL` beats `LC_MESSAGES` beats `LANG`;
 * `LANGUAGE` is GNU's list of preferences, which counts only where the locale is not `C`
 * (gettext manual, "The LANGUAGE variable").
 */
export function languagesOf(environment: Readonly<Record<string, string | undefined>>): string[] {
  const { LC_ALL, LC_MESSAGES, LANG, LANGUAGE } = environment;
  const locale = [LC_ALL, LC_MESSAGES, LANG].find((value) => value !== undefined && value !== '');
  if (locale === undefined || /^(C|POSIX)([.@]|$)/.test(locale)) return [];
  return [...(LANGUAGE ?? '').split(':'), locale].filter((value) => value !== '');
}
