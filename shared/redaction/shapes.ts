/**
 * How a token looks, as data. A match is `lead`, then at least `min` characters of the class `chars`; everything that
 * follows of that class is part of it. Written so that a stream can decide at once whether a match is still possible:
 * that is why it is no free regular expression.
 */
export interface RedactionShape {
  /** The literal start, at least three characters. */
  readonly lead: string;
  /** Inside of a regular expression's character class: `A-Za-z0-9_-`. */
  readonly chars: string;
  /** Characters of the class that must follow the lead. */
  readonly min: number;
  /** Finer test: a regular expression source for the start of lead + class characters, of which `window` are looked at. */
  readonly pattern?: string;
  /** Characters, lead included, that `pattern` gets to see at most. Also the most that a stream holds back for it. */
  readonly window?: number;
  /** The mask ends with this literal, when it comes before the class does. */
  readonly end?: string;
  /** No letter or digit may stand before the lead: for leads that are also the end of words (`disk-`). */
  readonly atWordStart?: boolean;
  readonly ignoreCase?: boolean;
  /** The lead says nothing secret and stays readable. */
  readonly keepLead?: boolean;
}

/** A shape, made ready for scanning. */
export interface CompiledShape {
  readonly lead: string;
  readonly foldedLead: string;
  /** The number of lead and class characters together that suffices for the decision. */
  readonly window: number;
  readonly min: number;
  readonly pattern: RegExp | undefined;
  readonly end: string | undefined;
  readonly atWordStart: boolean;
  readonly ignoreCase: boolean;
  readonly maskOffset: number;
  readonly includes: (code: number) => boolean;
}

const MIN_LEAD = 3;
const DEFAULT_PATTERN_WINDOW = 1024;

export function compileShape(shape: RedactionShape): CompiledShape {
  if (shape.lead.length < MIN_LEAD) throw new RangeError(`lead too short: ${shape.lead}`);
  const single = new RegExp(`^[${shape.chars}]$`);
  const ascii = Array.from({ length: 128 }, (_, code) => single.test(String.fromCharCode(code)));
  const others = single.test('\u2603');
  const shortest = shape.lead.length + shape.min;
  return {
    lead: shape.lead,
    foldedLead: shape.lead.toLowerCase(),
    window: shape.pattern === undefined ? shortest : Math.max(shortest, shape.window ?? DEFAULT_PATTERN_WINDOW),
    min: shape.min,
    pattern: shape.pattern === undefined ? undefined : new RegExp(`^(?:${shape.pattern})`, shape.ignoreCase ? 'i' : ''),
    end: shape.end,
    atWordStart: shape.atWordStart ?? false,
    ignoreCase: shape.ignoreCase ?? false,
    maskOffset: shape.keepLead ? shape.lead.length : 0,
    includes: (code) => (code < 128 ? (ascii[code] ?? false) : others),
  };
}
