import { encodingsOf } from './encodings.ts';
import { GENERAL_SHAPES } from './general-shapes.ts';
import { buildNeedleTable, type NeedleTable } from './needle-table.ts';
import { createScanState, findMasks, scan, type TextRange } from './scanner.ts';
import { compileShape, type RedactionShape } from './shapes.ts';

export interface Redactor {
  /**
   * Masks a value from now on, in every encoding of `encodingsOf`. The returned function takes it back; a value that
   * was added twice stays until both were taken back. Values under MIN_VALUE_LENGTH characters are not masked alone.
   */
  add(value: string): () => void;
  redact(text: string): string;
  /** Where in a text something is that `redact` would mask: in order, apart from each other. */
  find(text: string): readonly TextRange[];
  /** For text that comes in pieces: the joined output equals `redact` of the joined pieces, wherever they were cut. */
  stream(): RedactionStream;
}

export interface RedactionStream {
  /** Answers the part that is safe to show so far. At most the longest encoding, or the widest shape, is held back. */
  push(text: string): string;
  /** The rest. The stream can be used for a new text after it. */
  end(): string;
}

interface RedactorOptions {
  /** Without, the general ones; those of providers' keys are in the registry, and added to them. */
  readonly shapes?: readonly RedactionShape[];
  /** Told of every value that was masked, as it was added. Not of what only a shape showed. */
  readonly onFound?: (value: string) => void;
}

export function createRedactor(options: RedactorOptions = {}): Redactor {
  const shapes = (options.shapes ?? GENERAL_SHAPES).map(compileShape);
  const counts = new Map<string, number>();
  let table: NeedleTable | undefined;
  const current = () => {
    if (table !== undefined) return table;
    const valueByForm = new Map(
      [...counts.keys()].flatMap((value) => [...encodingsOf(value)].map((form) => [form, value])),
    );
    table = buildNeedleTable(valueByForm.keys(), shapes);
    table.onFound = (form) => options.onFound?.(valueByForm.get(form) ?? form);
    return table;
  };
  const change = (value: string, by: 1 | -1) => {
    const count = (counts.get(value) ?? 0) + by;
    if (count > 0) counts.set(value, count);
    else counts.delete(value);
    table = undefined;
  };

  return {
    add(value) {
      change(value, 1);
      let active = true;
      return () => {
        if (active) change(value, -1);
        active = false;
      };
    },
    redact: (text) => scan(createScanState(), current(), text, true),
    find: (text) => findMasks(current(), text),
    stream() {
      let state = createScanState();
      return {
        push: (text) => scan(state, current(), text, false),
        end() {
          const rest = scan(state, current(), '', true);
          state = createScanState();
          return rest;
        },
      };
    },
  };
}
