import type { Translate } from '../../../shared/i18n/translate.ts';
import type { GuardedFile } from '../../../shared/model/guarded-file.ts';
import { visibleText } from '../../../shared/permissions/visible.ts';
import { oneLine } from './output.ts';

/** A sentence on a file that would have made programs run code: what became of it, and why. */
export function guardedInWords({ path, how, reason, aside }: GuardedFile, t: Translate): string {
  const shown = (text: string): string => oneLine(visibleText(text), 1000);
  const values = { path: shown(path), aside: shown(aside ?? path) };
  return t('guarded.line', { what: t(`guarded.${how}`, values), why: t(`guarded.reason-${reason}`) });
}
