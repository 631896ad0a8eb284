import type { CompiledShape } from './shapes.ts';

/**
 * The values that may begin at a place of a text, found by a hash of its first three characters in one step: the cost
 * of a scan does not grow with the number of values. Case is folded in the hash, so the table only ever finds too much.
 */
export interface NeedleTable {
  readonly buckets: readonly (Bucket | undefined)[];
  /** Told of every occurrence of a value that is masked, under whichever text it turned up. */
  onFound?: ((form: string) => void) | undefined;
  /** True when a known value begins with these one or two characters. */
  mayBegin(end: string): boolean;
}

export interface Bucket {
  readonly values: readonly string[];
  readonly shapes: readonly CompiledShape[];
}

const SLOTS = 4096;

export function slotOf(a: number, b: number, c: number): number {
  return (((a | 32) * 31 + (b | 32)) * 31 + (c | 32)) & (SLOTS - 1);
}

function slotOfText(text: string): number {
  return slotOf(text.charCodeAt(0), text.charCodeAt(1), text.charCodeAt(2));
}

export function buildNeedleTable(values: Iterable<string>, shapes: readonly CompiledShape[]): NeedleTable {
  const buckets: ({ values: string[]; shapes: CompiledShape[] } | undefined)[] = new Array(SLOTS).fill(undefined);
  const starts = new Set<string>();
  const bucketFor = (text: string) => {
    starts.add(text.slice(0, 1).toLowerCase()).add(text.slice(0, 2).toLowerCase());
    const slot = slotOfText(text);
    const bucket = buckets[slot] ?? { values: [], shapes: [] };
    buckets[slot] = bucket;
    return bucket;
  };
  for (const value of values) bucketFor(value).values.push(value);
  for (const shape of shapes) bucketFor(shape.lead).shapes.push(shape);
  return { buckets, mayBegin: (end) => starts.has(end.toLowerCase()) };
}
