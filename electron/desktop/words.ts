import deErrors from '../../resources/locales/de/errors.json' with { type: 'json' };
import deState from '../../resources/locales/de/state.json' with { type: 'json' };
import deTray from '../../resources/locales/de/tray.json' with { type: 'json' };
import enErrors from '../../resources/locales/en/errors.json' with { type: 'json' };
import enState from '../../resources/locales/en/state.json' with { type: 'json' };
import enTray from '../../resources/locales/en/tray.json' with { type: 'json' };
import frErrors from '../../resources/locales/fr/errors.json' with { type: 'json' };
import frState from '../../resources/locales/fr/state.json' with { type: 'json' };
import frTray from '../../resources/locales/fr/tray.json' with { type: 'json' };
import { type Locale, resolveLocale } from '../../shared/i18n/locale.ts';
import { createTranslator, type Translate } from '../../shared/i18n/translate.ts';
import type { Settings } from '../../shared/model/settings.ts';

const TRANSLATE: Readonly<Record<Locale, Translate>> = {
  en: createTranslator({ ...enErrors, ...enState, ...enTray }),
  de: createTranslator({ ...deErrors, ...deState, ...deTray }),
  fr: createTranslator({ ...frErrors, ...frState, ...frTray }),
};

/** The words of the tray and of errors before there is a window. */
export function words(choice: Settings['locale'], systemLanguages: readonly string[]): Translate {
  return TRANSLATE[resolveLocale(choice, systemLanguages)];
}
