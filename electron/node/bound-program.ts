import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { type Duplex, Readable, type Writable } from 'node:stream';

/**
 * When the lifeline ends, whatever is left of the group is killed. The program itself holds no end of it, and the one
 * who reads it holds none of the program's output.
 */
const GUARD = '(read -r line <&3; kill -KILL 0) </dev/null >/dev/null 2>&1 & exec "$@" 3<&-';

interface BoundProgram {
  /** Without an input, but for what the spec gives it. */
  readonly child: ChildProcessByStdio<null, Readable, Readable | null>;
  /** Ends it with all that it started, unless that made a group of its own. Also after it ended by itself. */
  end(): void;
}

export interface BoundProgramSpec {
  readonly program: string;
  readonly args: readonly string[];
  /** Exact: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  /** Milliseconds after which it is killed. */
  readonly limitMs?: number;
  /** The whole input of the program; absent, it has none. */
  readonly input?: string | Uint8Array;
  /** `piped` keeps the program's errors; absent, they are dropped. */
  readonly errors?: 'piped';
}

/**
 * Starts a short-lived program that must not outlive this process, however that ends: the kernel closes the lifeline
 * of a process that was killed, too, even one that dies before the program has begun. In a session of its own, so that
 * it has no terminal to wait for. A program that cannot be started exits with 126 or 127. Windows has neither
 * the shell nor groups: there, only the program itself is ended, and only by `end`.
 */
export function startBoundProgram(spec: BoundProgramSpec, platform = process.platform): BoundProgram {
  const guarded = platform !== 'win32';
  const [command, args] = guarded
    ? ['/bin/sh', ['-c', GUARD, 'bound', spec.program, ...spec.args]]
    : [spec.program, [...spec.args]];
  const child = spawn(command, args, {
    env: { ...spec.environment },
    cwd: spec.workingDirectory,
    stdio: [
      spec.input === undefined ? 'ignore' : 'pipe',
      'pipe',
      spec.errors === 'piped' ? 'pipe' : 'ignore',
      guarded ? 'pipe' : 'ignore',
    ],
    detached: guarded,
    killSignal: 'SIGKILL',
    ...(spec.limitMs === undefined ? {} : { timeout: spec.limitMs }),
  }) as ChildProcessByStdio<null, Readable, Readable | null>;
  // Without a free descriptor there is no pipe at all, whatever the types say: `error` tells why, and nothing is read.
  if (!child.stdout) Object.assign(child, { stdout: Readable.from([]), stdio: [] });
  const input = (child as { readonly stdin: Writable | null }).stdin;
  // A program that ends before it has read all of it is told by its exit.
  input?.on('error', () => undefined).end(spec.input);
  const lifeline = child.stdio[3] as Duplex | null | undefined;
  lifeline?.on('error', () => undefined);
  const end = (): void => {
    if (lifeline) lifeline.destroy();
    else child.kill('SIGKILL');
  };
  child.once('exit', end);
  return { child, end };
}
