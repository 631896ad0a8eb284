import { type BoundProgramSpec, startBoundProgram } from './bound-program.ts';

interface BoundProgramEnd {
  /** Null: it was killed, or could not be started. 126 and 127: there is no such program. */
  readonly exitCode: number | null;
  /** `SIGKILL` also when its time was up, or when it wrote too much. */
  readonly signal: string | null;
  readonly output: Buffer;
  /** The program wrote more than was asked for, and was ended for it. */
  readonly tooMuch: boolean;
  /** The end of what it wrote as errors, or why it could not be started. */
  readonly errors: string;
}

const MAX_ERROR_CHARACTERS = 64 * 1024;

/** A bound program to its end. Never rejects. */
export async function runBoundProgram(spec: BoundProgramSpec, maxBytes: number): Promise<BoundProgramEnd> {
  const { child, end } = startBoundProgram(spec);
  const chunks: Buffer[] = [];
  let bytes = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBytes) end();
  });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-MAX_ERROR_CHARACTERS);
  });
  const { promise, resolve } = Promise.withResolvers<Pick<BoundProgramEnd, 'exitCode' | 'signal'>>();
  child.once('error', (error) => {
    errors = error.message;
    resolve({ exitCode: null, signal: null });
  });
  child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
  return { ...(await promise), output: Buffer.concat(chunks), tooMuch: bytes > maxBytes, errors };
}
