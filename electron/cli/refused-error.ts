import type { PerchError } from '../../shared/errors/perch-error.ts';

/** A turn was refused before anything started: exit 3. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly refusal: PerchError;

  constructor(refusal: PerchError) {
    super(refusal.code, { cause: refusal });
    this.refusal = refusal;
  }
}
