import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { messageOf } from '../../../node/error-code.ts';

/** Data that comes with Perch, and that the user may have fetched anew. */
interface FetchableData<T> {
  /** The fetched data, else the data that came along; undefined when neither can be read. Read at the first request. */
  current(): T | undefined;
  /** From now on this one. */
  use(next: T): void;
}

/** No other part depends on the data: for an unreadable file `onProblem` is called once. */
export function createFetchableData<T>(options: {
  bundled: string;
  /** Where one that was fetched later is kept. Absent: nowhere. */
  fetched?: string | undefined;
  read: (file: string) => T;
  onProblem: (message: string) => void;
}): FetchableData<T> {
  let known: T | undefined;
  let isRead = false;
  const readOne = (file: string): T | undefined => {
    try {
      return options.read(file);
    } catch (error) {
      options.onProblem(messageOf(error));
      return undefined;
    }
  };
  return {
    current() {
      if (isRead) return known;
      isRead = true;
      const { fetched } = options;
      const newer = fetched !== undefined && existsSync(fetched) ? readOne(fetched) : undefined;
      known = newer ?? readOne(options.bundled);
      return known;
    },
    use(next) {
      known = next;
      isRead = true;
    },
  };
}

/** @throws Error naming the file and the place in it */
export function readSnapshot<T>(file: string, schema: z.ZodType<T>, what: string): T {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new Error(`${file} is not ${what}: ${reason}`, { cause: error });
  }
}
