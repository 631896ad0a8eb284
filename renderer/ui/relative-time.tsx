import { useLanguage } from '../context/use-language.ts';
import { fullTime, relativeTime } from '../i18n/format.ts';
import { useNow } from './use-now.ts';

const MINUTE = 60_000;

export function RelativeTime({ at }: { at: number }) {
  const language = useLanguage();
  const now = useNow(MINUTE);
  return (
    <time dateTime={new Date(at).toISOString()} title={fullTime(at, language)}>
      {relativeTime(at, now, language)}
    </time>
  );
}
