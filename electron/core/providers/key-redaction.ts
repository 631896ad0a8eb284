import type { RedactionShape } from '../../../shared/redaction/shapes.ts';
import type { Provider } from './provider.ts';

/** Characters of most tokens, as in a character class. */
export const KEY_CHARS = 'A-Za-z0-9_-';
/** A cut token is worth masking from this many characters after its prefix. */
const MIN_REST = 16;
/** Prefixes up to this length are also the end of ordinary words. */
const SHORT_PREFIX = 4;

/** The shapes of providers' keys, which the redactor masks. */
export function keyRedactionShapes(
  providers: readonly { readonly keyShapes: readonly Pick<Provider['keyShapes'][number], 'prefix' | 'chars'>[] }[],
): readonly RedactionShape[] {
  const shapes = new Map<string, RedactionShape>();
  for (const { prefix, chars } of providers.flatMap((provider) => provider.keyShapes)) {
    shapes.set(`${prefix} ${chars}`, {
      lead: prefix,
      chars,
      min: MIN_REST,
      atWordStart: prefix.length <= SHORT_PREFIX,
    });
  }
  return [...shapes.values()];
}
