import { useEffect, useState } from 'react';
import type { Locale } from '../../shared/i18n/locale.ts';
import type { Translate } from '../../shared/i18n/translate.ts';
import { loadTranslate } from '../i18n/load.ts';

/** The sentences of a language; while another one loads, those shown before stay. Null until the first is there. */
export function useMessages(locale: Locale): Translate | null {
  const [translate, setTranslate] = useState<{ readonly t: Translate } | null>(null);
  useEffect(() => {
    let wanted = true;
    void loadTranslate(locale).then((t) => {
      if (!wanted) return;
      document.documentElement.lang = locale;
      setTranslate({ t });
    });
    return () => {
      wanted = false;
    };
  }, [locale]);
  return translate?.t ?? null;
}
