import { PerchError } from '../../../shared/errors/perch-error.ts';
import { isGone } from '../../node/folder-below.ts';

/** The error of the file system as a person is told of it: ASIDE_GONE or ASIDE_FAILED. */
export function asideFailure(error: unknown): PerchError {
  if (isGone(error)) return new PerchError('ASIDE_GONE');
  return new PerchError('ASIDE_FAILED', { reason: (error as NodeJS.ErrnoException).message });
}
