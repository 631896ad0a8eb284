import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Duplex, Readable, Writable } from 'node:stream';
import type { Clock } from '../../node/clock.ts';
import { INHERITED_DESCRIPTORS } from './inherited-descriptors.ts';
import { memoryFile } from './memory-file.ts';
import { noPipes } from './out-of-files.ts';

/** The program to run. The environment is exact: nothing is inherited. */
export interface ProgramSpec {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  /**
   * The content of descriptors 3, 4, … in this order: a promised one as soon as it is there. `lifeline` ends when this
   * process or the program does, or when the promise is rejected.
   */
  readonly inputs?: readonly (string | Uint8Array | Promise<string> | 'lifeline')[];
  /** Further descriptors, after the inputs, that the program writes to. */
  readonly outputs?: readonly ProgramOutput[];
}

interface ProgramOutput {
  push(text: string): void;
  end?(): void;
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

/**
 * Starts a program in a process group of its own.
 * @throws Error with the code EMFILE or ENFILE when there is no descriptor left for what leads to it
 */
export function startProgram(spec: ProgramSpec, clock: Clock): Program {
  const inputs = spec.inputs ?? [];
  const outputs = spec.outputs ?? [];
  const { child, files } = spawnWith(spec, inputs, outputs.length);
  const { stdin, stdout, stderr } = child as Partial<ChildProcess>;
  if (!stdin || !stdout || !stderr) throw noPipes(spec.command);
  // A program that ends while it is written to is told by its exit, not by the broken pipe.
  stdin.on('error', () => undefined);
  const lifelines: Duplex[] = [];
  const cut = (): void => {
    for (const pipe of lifelines) pipe.destroy();
  };
  inputs.forEach((input, index) => {
    if (files[index] !== undefined) return;
    const pipe = child.stdio[3 + index] as Duplex;
    pipe.on('error', () => undefined);
    if (input === 'lifeline') lifelines.push(pipe);
    else if (input instanceof Promise) input.then((text) => pipe.end(text), cut);
    else pipe.end(input);
  });
  outputs.forEach((output, index) => {
    const pipe = child.stdio[3 + inputs.length + index] as Readable;
    pipe.setEncoding('utf8').on('data', output.push);
    if (output.end !== undefined) pipe.once('close', output.end);
  });
  child.once('exit', cut);

  let gone = false;
  const exited = watchExit(child, clock).then((exit) => {
    gone = true;
    return exit;
  });
  return { pid: child.pid, stdin, stdout, stderr, exited, hasExited: () => gone };
}

/** Answers with the descriptors that hold inputs; they are the child's alone by then. */
function spawnWith(spec: ProgramSpec, inputs: NonNullable<ProgramSpec['inputs']>, outputs: number) {
  const opened: number[] = [];
  const keep = <D extends number | undefined>(descriptor: D): D => {
    if (descriptor !== undefined) opened.push(descriptor);
    return descriptor;
  };
  try {
    const files = inputs.map((input) =>
      (typeof input === 'string' && input !== 'lifeline') || input instanceof Uint8Array
        ? keep(memoryFile(input))
        : undefined,
    );
    const nothing = keep(openSync('/dev/null', 'r+'));
    const child = spawn(spec.command, [...spec.args], {
      cwd: spec.workingDirectory,
      env: { ...spec.environment },
      detached: true,
      stdio: descriptors([...files, ...Array.from({ length: outputs }, () => undefined)], nothing),
    });
    // Told with the exit; or at once, when there are no pipes.
    child.on('error', () => undefined);
    return { child, files };
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}

/** From 3 on the given ones, and pipes in between; whatever else would be inherited becomes the null device. */
function descriptors(extra: readonly (number | undefined)[], nullDevice: number): StdioOptions {
  const result: (number | 'pipe' | 'ignore')[] = ['pipe', 'pipe', 'pipe', ...extra.map((given) => given ?? 'pipe')];
  for (const inherited of INHERITED_DESCRIPTORS) {
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
