import type { Locale } from '../../shared/i18n/locale.ts';
import { createTranslator, type Messages, type Translate } from '../../shared/i18n/translate.ts';

type Loaded = Promise<{ readonly default: Messages }>;

/** A chunk a language and file: only the one that is shown gets loaded. */
const SOURCES: Readonly<Record<Locale, () => Loaded[]>> = {
  en: () => [
    import('../../resources/locales/en/window.json'),
    import('../../resources/locales/en/errors.json'),
    import('../../resources/locales/en/reasons.json'),
    import('../../resources/locales/en/state.json'),
  ],
  de: () => [
    import('../../resources/locales/de/window.json'),
    import('../../resources/locales/de/errors.json'),
    import('../../resources/locales/de/reasons.json'),
    import('../../resources/locales/de/state.json'),
  ],
  fr: () => [
    import('../../resources/locales/fr/window.json'),
    import('../../resources/locales/fr/errors.json'),
    import('../../resources/locales/fr/reasons.json'),
    import('../../resources/locales/fr/state.json'),
  ],
};

export async function loadTranslate(locale: Locale): Promise<Translate> {
  const files = await Promise.all(SOURCES[locale]());
  return createTranslator(Object.assign({}, ...files.map((file) => file.default)) as Messages);
}
