import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import type { Clock } from './clock.ts';
import { inheritableDescriptors } from './inherited-descriptors.ts';

/** What to run. The environment is exact: nothing is inherited. */
export interface ProgramSpec {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  /** Texts that the program reads from descriptors 3, 4, … in this order. */
  readonly inputs?: readonly string[];
  /** One more descriptor, after the inputs, that the program writes lines to. */
  readonly onStatusText?: (text: string) => void;
}

export interface ProgramExit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The program could not be started at all. */
  readonly startError?: string;
}

export interface Program {
  /** Undefined when it could not be started. Also the id of its process group. */
  readonly pid: number | undefined;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves once, after the last of its output was read. Never rejects. */
  readonly exited: Promise<ProgramExit>;
  readonly hasExited: () => boolean;
}

/** After the process is gone its pipes may be held open by a child that it left behind; wait no longer than this. */
const OUTPUT_GRACE_MS = 250;

/** Starts a program in a process group of its own. */
export function startProgram(spec: ProgramSpec, clock: Clock): Program {
  const inputs = spec.inputs ?? [];
  const nothing = openSync('/dev/null', 'r+');
  const child = spawn(spec.command, [...spec.args], {
    cwd: spec.workingDirectory,
    env: { ...spec.environment },
    detached: true,
    stdio: descriptors(inputs.length + (spec.onStatusText === undefined ? 0 : 1), nothing),
  });
  closeSync(nothing);
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null) throw new Error('a program was started without pipes');
  // A program that ends while it is written to is told by its exit, not by the broken pipe.
  stdin.on('error', () => undefined);
  inputs.forEach((text, index) => {
    const pipe = child.stdio[3 + index] as Writable;
    pipe.on('error', () => undefined);
    pipe.end(text);
  });
  if (spec.onStatusText !== undefined) {
    const pipe = child.stdio[3 + inputs.length] as Readable;
    pipe.setEncoding('utf8').on('data', spec.onStatusText);
  }

  let gone = false;
  const exited = watchExit(child, clock).then((exit) => {
    gone = true;
    return exit;
  });
  return { pid: child.pid, stdin, stdout, stderr, exited, hasExited: () => gone };
}

/** Pipes for our own descriptors; whatever else would be inherited becomes the null device. */
function descriptors(extraPipes: number, nullDevice: number): StdioOptions {
  const result: (number | 'pipe' | 'ignore')[] = Array.from({ length: 3 + extraPipes }, () => 'pipe');
  for (const inherited of inheritableDescriptors()) {
    if (inherited < result.length) continue;
    while (result.length < inherited) result.push('ignore');
    result.push(nullDevice);
  }
  return result;
}

function watchExit(child: ChildProcess, clock: Clock): Promise<ProgramExit> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      if (child.pid === undefined) resolve({ exitCode: null, signal: null, startError: error.message });
    });
    child.once('exit', (exitCode, signal) => {
      const settle = (): void => {
        stopWaiting();
        for (const pipe of child.stdio) pipe?.destroy();
        resolve({ exitCode, signal });
      };
      const stopWaiting = clock.after(OUTPUT_GRACE_MS, settle);
      child.once('close', settle);
    });
  });
}
