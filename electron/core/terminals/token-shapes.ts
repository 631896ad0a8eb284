import { GENERAL_SHAPES } from '../../../shared/redaction/general-shapes.ts';
import type { RedactionShape } from '../../../shared/redaction/shapes.ts';
import type { Provider } from '../providers/provider.ts';

/** How a token looks that must not be shown, and when it is whole. */
export interface TokenShape {
  /** Its literal start; it stays readable. */
  readonly lead: string;
  /** True when a character belongs to the token. */
  readonly includes: (character: string) => boolean;
  /** Characters after the lead from which on it is withheld. */
  readonly min: number;
  /** No letter or digit may stand before it. */
  readonly atWordStart: boolean;
  /** Characters of the whole token. Up to this length the token is looked for on the next line as well. */
  readonly length: number;
}

type KeyShapes = Pick<Provider, 'keyShapes'>;

/** Leads up to this length also begin ordinary words: what follows must look like more than one. */
const SHORT_LEAD = 4;
const MIN_AFTER_SHORT_LEAD = 8;

/** The shapes of all providers' keys: withheld from their first character on, because a token arrives in pieces. */
export function tokenShapes(
  providers: readonly KeyShapes[],
  general: readonly RedactionShape[] = GENERAL_SHAPES,
): TokenShape[] {
  const shapes = new Map<string, TokenShape>();
  for (const { prefix, chars, minLength, length } of providers.flatMap(({ keyShapes }) => keyShapes)) {
    const isShort = prefix.length <= SHORT_LEAD;
    const known = shapes.get(prefix);
    shapes.set(prefix, {
      lead: prefix,
      includes: characterTest(chars),
      min: isShort ? MIN_AFTER_SHORT_LEAD : 1,
      atWordStart: isShort,
      length: Math.max(known?.length ?? 0, length ?? minLength ?? 0),
    });
  }
  for (const shape of general) {
    if (!isPlain(shape) || shapes.has(shape.lead)) continue;
    const { lead, chars, min, atWordStart = false } = shape;
    shapes.set(lead, { lead, includes: characterTest(chars), min, atWordStart, length: lead.length + min });
  }
  // A longer lead comes before a shorter one that it begins with.
  return [...shapes.values()].sort((a, b) => b.lead.length - a.lead.length);
}

/** A lead and what follows it; not a header's name or a block of lines. */
function isPlain(shape: RedactionShape): boolean {
  return shape.keepLead !== true && shape.ignoreCase !== true && shape.pattern === undefined && shape.end === undefined;
}

function characterTest(chars: string): (character: string) => boolean {
  const pattern = new RegExp(`^[${chars}]$`);
  return (character) => pattern.test(character);
}
