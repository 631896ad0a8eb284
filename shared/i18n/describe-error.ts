import type { WireError } from '../errors/perch-error.ts';
import type { Translate } from './translate.ts';

/** The sentence for a person, from the locale key `error.<CODE>`. */
export function describeError(error: WireError, t: Translate): string {
  return t(`error.${error.code}`, error.values);
}

/** The sentence with its code, which is what people search for and scripts match: `… (PROMPT_EMPTY)`. */
export function describeErrorWithCode(error: WireError, t: Translate): string {
  return `${describeError(error, t)} (${error.code})`;
}
