import { useT } from './services.tsx';

/** The language of the sentences shown, which is also that of dates and numbers. */
export function useLanguage(): string {
  return useT()('language');
}
