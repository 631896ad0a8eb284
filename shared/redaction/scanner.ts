import { type Bucket, type NeedleTable, slotOf } from './needle-table.ts';
import type { CompiledShape } from './shapes.ts';

export const REPLACEMENT = '[redacted]';

/** Where a scan stands between two pieces of a text. All positions count from the start of the whole text. */
interface ScanState {
  /** Text that is not decided yet, and the position of its first character. */
  held: string;
  base: number;
  /** The character before it, for shapes that want the start of a word. */
  before: number;
  /** The end of the text that was already written out as masked. */
  maskedTo: number;
  /** Masks that begin after what is decided. */
  masks: Mask[];
  /** Per shape its newest mask. */
  readonly runs: Map<CompiledShape, Run>;
}

/** A range of a text: from `start` up to, but without, `end`. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}
type Mask = TextRange;

interface Run {
  end: number;
  /** True when the match reaches to the end of the seen text and may go on. */
  open: boolean;
  /** The last characters, to recognise the shape's `end` across pieces. */
  recent: string;
}

export function createScanState(): ScanState {
  return { held: '', base: 0, before: 0, maskedTo: -1, masks: [], runs: new Map() };
}

/**
 * Takes the next piece, answers what is decided. What is masked is the union of all occurrences of all values and all
 * matches of all shapes, so it cannot depend on where the pieces were cut; neighbours melt into one replacement.
 * Held back is only what may still become part of a match.
 */
export function scan(state: ScanState, table: NeedleTable, piece: string, last: boolean): string {
  continueRuns(state, piece);
  const text = state.held + piece;
  const decided = decideAll({ state, table, text, last });
  const output = writeOut(state, text.slice(0, decided));
  if (decided > 0) state.before = text.charCodeAt(decided - 1);
  state.base += decided;
  state.held = text.slice(decided);
  return output;
}

/** The masks of a whole text, melted into one where they touch. */
export function findMasks(table: NeedleTable, text: string): TextRange[] {
  const state = createScanState();
  decideAll({ state, table, text, last: true });
  const melted: TextRange[] = [];
  for (const mask of state.masks.sort((a, b) => a.start - b.start)) {
    const last = melted.at(-1);
    if (last !== undefined && mask.start <= last.end) {
      melted[melted.length - 1] = { start: last.start, end: Math.max(last.end, mask.end) };
    } else melted.push(mask);
  }
  return melted;
}

function writeOut(state: ScanState, text: string): string {
  if (state.masks.length === 0 && state.maskedTo <= state.base) return text;
  const { base } = state;
  const end = base + text.length;
  const output: string[] = [];
  const later: Mask[] = [];
  let at = Math.max(base, Math.min(state.maskedTo, end));
  for (const mask of state.masks.sort((a, b) => a.start - b.start)) {
    if (mask.start >= end) {
      later.push(mask);
      continue;
    }
    if (mask.start > state.maskedTo) output.push(text.slice(at - base, mask.start - base), REPLACEMENT);
    state.maskedTo = Math.max(state.maskedTo, mask.end);
    at = Math.min(state.maskedTo, end);
  }
  output.push(text.slice(at - base));
  state.masks = later;
  return output.join('');
}

interface Pass {
  readonly state: ScanState;
  readonly table: NeedleTable;
  readonly text: string;
  readonly last: boolean;
}

/** Collects masks from left to right; answers the first place that cannot be decided yet. */
function decideAll(pass: Pass): number {
  const { text, table, last } = pass;
  const { buckets } = table;
  const lastTriple = text.length - 3;
  for (let at = 0; at <= lastTriple; at++) {
    const bucket = buckets[slotOf(text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2))];
    if (bucket !== undefined && !decide(pass, bucket, at)) return at;
  }
  if (last) return text.length;
  for (let at = Math.max(0, lastTriple + 1); at < text.length; at++) {
    if (table.mayBegin(text.slice(at))) return at;
  }
  return text.length;
}

/** False when something that begins here needs more text. Then it masks nothing, so that no cut changes the result. */
function decide(pass: Pass, bucket: Bucket, at: number): boolean {
  const { text, last, state, table } = pass;
  let valueEnd = -1;
  const found: string[] = [];
  for (const value of bucket.values) {
    if (text.startsWith(value, at)) {
      valueEnd = Math.max(valueEnd, at + value.length);
      found.push(value);
    } else if (!last && at + value.length > text.length && value.startsWith(text.slice(at))) return false;
  }
  const matches: CompiledShape[] = [];
  for (const shape of bucket.shapes) {
    const match = matchShape(pass, shape, at);
    if (match === 'undecided') return false;
    if (match === 'yes') matches.push(shape);
  }
  if (valueEnd >= 0) state.masks.push({ start: state.base + at, end: state.base + valueEnd });
  for (const form of found) table.onFound?.(form);
  for (const shape of matches) startRun(pass, shape, at);
  return true;
}

function matchShape(pass: Pass, shape: CompiledShape, at: number): 'yes' | 'no' | 'undecided' {
  const { text, last, state } = pass;
  const run = state.runs.get(shape);
  if (run !== undefined && at + state.base < run.end) return 'no';
  const afterLead = at + shape.lead.length;
  const lead = text.slice(at, afterLead);
  const wanted = shape.ignoreCase ? shape.foldedLead : shape.lead;
  const seen = shape.ignoreCase ? lead.toLowerCase() : lead;
  if (seen !== wanted) return !last && afterLead > text.length && wanted.startsWith(seen) ? 'undecided' : 'no';
  if (shape.atWordStart && isLetterOrDigit(at === 0 ? state.before : text.charCodeAt(at - 1))) return 'no';

  const stop = Math.min(text.length, at + shape.window);
  let end = afterLead;
  while (end < stop && shape.includes(text.charCodeAt(end))) end++;
  if (end === text.length && end < at + shape.window && !last) return 'undecided';
  if (end < afterLead + shape.min) return 'no';
  return shape.pattern === undefined || shape.pattern.test(text.slice(at, end)) ? 'yes' : 'no';
}

function startRun({ text, state }: Pass, shape: CompiledShape, at: number): void {
  const run: Run = { end: 0, open: true, recent: '' };
  const end = followRun(run, shape, text, at + shape.lead.length);
  run.end = state.base + end;
  state.runs.set(shape, run);
  state.masks.push({ start: state.base + at + shape.maskOffset, end: run.end });
}

function continueRuns(state: ScanState, piece: string): void {
  for (const [shape, run] of state.runs) {
    if (!run.open) continue;
    const start = run.end;
    run.end = start + followRun(run, shape, piece, 0);
    if (run.end > start) state.masks.push({ start, end: run.end });
  }
}

/** Follows the shape's class from `at`; answers where the mask ends for now. */
function followRun(run: Run, shape: CompiledShape, text: string, at: number): number {
  for (let end = at; end < text.length; end++) {
    if (!shape.includes(text.charCodeAt(end))) {
      run.open = false;
      return end;
    }
    if (shape.end === undefined) continue;
    run.recent = (run.recent + text.charAt(end)).slice(-shape.end.length);
    if (run.recent === shape.end) {
      run.open = false;
      return end + 1;
    }
  }
  return text.length;
}

function isLetterOrDigit(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}
