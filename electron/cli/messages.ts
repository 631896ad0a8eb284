import deCli from '../../resources/locales/de/cli.json' with { type: 'json' };
import deDoctor from '../../resources/locales/de/doctor.json' with { type: 'json' };
import deErrors from '../../resources/locales/de/errors.json' with { type: 'json' };
import deReasons from '../../resources/locales/de/reasons.json' with { type: 'json' };
import deState from '../../resources/locales/de/state.json' with { type: 'json' };
import deWindow from '../../resources/locales/de/window.json' with { type: 'json' };
import enCli from '../../resources/locales/en/cli.json' with { type: 'json' };
import enDoctor from '../../resources/locales/en/doctor.json' with { type: 'json' };
import enErrors from '../../resources/locales/en/errors.json' with { type: 'json' };
import enReasons from '../../resources/locales/en/reasons.json' with { type: 'json' };
import enState from '../../resources/locales/en/state.json' with { type: 'json' };
import enWindow from '../../resources/locales/en/window.json' with { type: 'json' };
import frCli from '../../resources/locales/fr/cli.json' with { type: 'json' };
import frDoctor from '../../resources/locales/fr/doctor.json' with { type: 'json' };
import frErrors from '../../resources/locales/fr/errors.json' with { type: 'json' };
import frReasons from '../../resources/locales/fr/reasons.json' with { type: 'json' };
import frState from '../../resources/locales/fr/state.json' with { type: 'json' };
import frWindow from '../../resources/locales/fr/window.json' with { type: 'json' };
import { type Locale, languagesOf, resolveLocale } from '../../shared/i18n/locale.ts';
import { createTranslator, type Messages, type Translate } from '../../shared/i18n/translate.ts';

/** The window's are here for what both say of a pasted credential. */
const MESSAGES: Readonly<Record<Locale, Messages>> = {
  en: { ...enState, ...enWindow, ...enCli, ...enDoctor, ...enErrors, ...enReasons },
  de: { ...deState, ...deWindow, ...deCli, ...deDoctor, ...deErrors, ...deReasons },
  fr: { ...frState, ...frWindow, ...frCli, ...frDoctor, ...frErrors, ...frReasons },
};

/** In the language that the environment asks for: the terminal's, which need not be the window's. */
export function translatorFor(environment: Readonly<Record<string, string | undefined>>): Translate {
  return createTranslator(MESSAGES[resolveLocale('system', languagesOf(environment))]);
}
