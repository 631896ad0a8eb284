import { defined } from '../defined.ts';
import type { ErrorCode } from './codes.ts';

export type ErrorValues = Readonly<Record<string, string | number>>;

/** An error on a wire: a code, the values of its sentence, and details. No part of it ever holds a secret. */
export interface WireError {
  readonly code: ErrorCode;
  /** Fills the placeholders of the locale key `error.<code>`. */
  readonly values: ErrorValues;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * An error meant for a person: the code decides the sentence, `values` fill it.
 * `cause` stays on this side of the wire; it may name internals.
 */
export class PerchError extends Error {
  override readonly name = 'PerchError';
  readonly code: ErrorCode;
  readonly values: ErrorValues;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(
    code: ErrorCode,
    values: ErrorValues = {},
    options: { cause?: unknown; details?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.values = values;
    this.details = options.details;
  }
}

/** An unexpected error becomes INTERNAL: its message may hold anything, so it does not cross. */
export function toWireError(error: unknown): WireError {
  if (error instanceof PerchError) {
    return {
      code: error.code,
      values: error.values,
      ...defined({ details: error.details }),
    };
  }
  return { code: 'INTERNAL', values: {} };
}

export function fromWireError(wire: WireError): PerchError {
  return new PerchError(wire.code, wire.values, wire.details === undefined ? {} : { details: wire.details });
}
