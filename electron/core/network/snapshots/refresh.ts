import { renameSync, writeFileSync } from 'node:fs';
import type { ErrorCode } from '../../../../shared/errors/codes.ts';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { Clock } from '../../../node/clock.ts';
import { codeOf } from '../../../node/error-code.ts';
import type { Fetch } from '../fetch.ts';

/** Milliseconds for the whole answer. */
const REFRESH_LIMIT_MS = 30_000;
/** The data is some megabytes; more than this is something else. */
export const MAX_REFRESH_BYTES = 32 * 1024 * 1024;

/**
 * Fetches data anew, makes of it what is used, and puts that in place of `file` in one step. After an error the former
 * one is still there. Redirects are not followed.
 * @throws PerchError of `code` with the address and the reason, and what the user's network says (`Fetch`)
 */
export async function refreshSnapshot<T>(options: {
  url: string;
  file: string;
  clock: Clock;
  fetch: Fetch;
  code: ErrorCode;
  /** The name of the data, for the sentence that the answer was something else. */
  what: string;
  /** `date`: today. @throws when the data is something else, or has nothing of use in it */
  make: (data: unknown, date: string) => T;
}): Promise<T> {
  const { url, file, clock, fetch, code, what, make } = options;
  const aborter = new AbortController();
  const stopTimer = clock.after(REFRESH_LIMIT_MS, () => aborter.abort());
  try {
    const data: unknown = JSON.parse(await fetchText(fetch, url, aborter.signal));
    const made = make(data, new Date(clock.now()).toISOString().slice(0, 10));
    writeFileSync(`${file}.new`, JSON.stringify(made), { mode: 0o600 });
    renameSync(`${file}.new`, file);
    return made;
  } catch (error) {
    if (error instanceof PerchError) throw error;
    throw new PerchError(code, { url, reason: reasonOf(error, what) }, { cause: error });
  } finally {
    stopTimer();
  }
}

async function fetchText(fetch: Fetch, url: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal, headers: { accept: 'application/json' } });
  if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_REFRESH_BYTES) throw new Error(`more than ${MAX_REFRESH_BYTES} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** In a few words; what a server sent is not repeated. */
function reasonOf(error: unknown, what: string): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'AbortError') return 'timeout';
  if (error.name === 'ZodError' || error instanceof SyntaxError) return `not ${what}`;
  const code = codeOf(error);
  return code === 'UNKNOWN' ? error.message.slice(0, 100) : code;
}
