import type { WireError } from '../errors/perch-error.ts';
import type { Translate } from './translate.ts';

/**
 * Moves a terminal's cursor, rewrites what stands there, or turns the direction of what follows around.
 * Line breaks and tabs stay.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/**
 * The sentence for a person, from the locale key `error.<CODE>`. Its values may be an agent's own words: nothing in
 * them does more than show.
 */
export function describeError(error: WireError, t: Translate): string {
  return withoutControls(t(sentenceKey(error), error.values));
}

/** Of an agent that has a login of its own a missing credential is told in another sentence: a key is one way of two. */
function sentenceKey({ code, details }: WireError): string {
  return code === 'MISSING_BYOK_CREDENTIAL' && details?.canSignIn === true
    ? 'error.MISSING_BYOK_CREDENTIAL.sign-in'
    : `error.${code}`;
}

/** Text of others that does nothing more than show. */
export function withoutControls(text: string): string {
  return text.replace(CONTROLS, '');
}

/** The sentence with its code, which is what people search for and scripts match: `… (PROMPT_EMPTY)`. */
export function describeErrorWithCode(error: WireError, t: Translate): string {
  return `${describeError(error, t)} (${error.code})`;
}
