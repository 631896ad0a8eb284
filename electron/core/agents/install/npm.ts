import { createLineSplitter } from '../../../../shared/json-rpc/framing.ts';
import { startBoundProgram } from '../../../node/bound-program.ts';

/** Far above what npm says of an installation. */
const MAX_OUTPUT = 4 * 1024 * 1024;

interface NpmCall {
  /** Node and the file of npm that it runs. */
  readonly node: string;
  readonly cli: string;
  readonly args: readonly string[];
  /** Exact. */
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  /** Ends npm with all that it started. */
  readonly signal: AbortSignal;
  /** A line of npm's progress. */
  readonly onLine: (line: string) => void;
}

interface NpmEnd {
  /** Null when it was ended. */
  readonly exitCode: number | null;
  /** With `--json`: one object, of what was done or of the error. */
  readonly output: string;
}

/** Runs npm to its end. Never rejects: one that cannot be started ends with 126 or 127. */
export function runNpm({ node, cli, args, environment, workingDirectory, signal, onLine }: NpmCall): Promise<NpmEnd> {
  if (signal.aborted) return Promise.resolve({ exitCode: null, output: '' });
  return new Promise((resolve) => {
    const spec = { program: node, args: [cli, ...args], environment, workingDirectory, errors: 'piped' } as const;
    const { child, end } = startBoundProgram(spec);
    let output = '';
    const lines = createLineSplitter({ maxChars: MAX_OUTPUT, onLine, onViolation: () => {} });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-MAX_OUTPUT);
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => lines.push(text));
    signal.addEventListener('abort', end, { once: true });
    child.once('error', () => resolve({ exitCode: null, output }));
    child.once('close', (exitCode) => {
      signal.removeEventListener('abort', end);
      lines.end();
      resolve({ exitCode, output });
    });
  });
}
