import { PerchError } from '../../../shared/errors/perch-error.ts';

/** The limit of this process, or that of the whole system. */
const CODES: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE']);

/** Explains a lack of descriptors as a sentence for a person; any other error stays as it is. */
export function explainOutOfFiles(error: unknown): unknown {
  const { code, path, syscall } = error as Partial<NodeJS.ErrnoException>;
  if (!CODES.has(code)) return error;
  return new PerchError('TOO_MANY_OPEN_FILES', { file: path ?? syscall ?? '' }, { cause: error });
}

/** The error that Node itself would report later, and then without any pipe to the program. */
export function noPipes(program: string): Error {
  return Object.assign(new Error(`no pipe to ${program}`), { code: 'EMFILE', path: program });
}
