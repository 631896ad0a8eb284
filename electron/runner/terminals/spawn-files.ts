import { spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { INHERITED_DESCRIPTORS } from '../process/inherited-descriptors.ts';
import type { ProgramSpec } from '../process/program.ts';

/** A command for a pseudo-terminal, which passes on no descriptors but its own. */
interface TerminalCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** The program has opened its files: they may go. Idempotent. */
  removeFiles(): void;
  /** Closes every way to the ended program. Idempotent. */
  close(): void;
}

/** The small shells know descriptors of one digit only. */
const SHELL = '/bin/sh';
const SHELL_OF_MANY_DESCRIPTORS = '/bin/bash';

/**
 * Starts the program by way of a shell that opens its descriptors from files and becomes the program. Only this user
 * can read the files, which hold no secret: a sandbox's options and account files, and pipes with a name where this
 * side goes on writing or reads. Descriptors that would be inherited are closed.
 */
export function terminalCommand(
  spec: ProgramSpec,
  inherited: readonly number[] = INHERITED_DESCRIPTORS,
): TerminalCommand {
  const { inputs = [], outputs = [] } = spec;
  const highest = 2 + inputs.length + outputs.length;
  const foreign = inherited.filter((descriptor) => descriptor > highest);
  if (highest === 2 && foreign.length === 0) {
    return { command: spec.command, args: spec.args, removeFiles: () => {}, close: () => {} };
  }
  const folder = mkdtempSync(join(tmpdir(), 'perch-terminal-'));
  const files = [...inputs, ...outputs].map((_, index) => join(folder, String(3 + index)));
  const ends = createEnds(spec, files);
  const opened = files.map((_, index) => `${3 + index}${index < inputs.length ? '<' : '>'}"$${placeOf(index + 1)}"`);
  const redirections = [...opened, ...foreign.map((descriptor) => `${descriptor}>&-`)].join(' ');
  const script = `exec ${redirections}; shift ${files.length}; exec "$@"`;
  const removeFiles = (): void => rmSync(folder, { recursive: true, force: true });
  return {
    command: Math.max(highest, ...foreign) > 9 ? SHELL_OF_MANY_DESCRIPTORS : SHELL,
    args: ['-c', script, 'perch-terminal', ...files, spec.command, ...spec.args],
    removeFiles,
    close() {
      removeFiles();
      ends.close();
    },
  };
}

/** `$10` is `$1` and a zero. */
const placeOf = (index: number): string => (index > 9 ? `{${index}}` : String(index));

function createEnds({ inputs = [], outputs = [] }: ProgramSpec, files: readonly string[]): { close(): void } {
  const named = files.filter((_, index) => index >= inputs.length || isPipe(inputs[index]));
  makePipes(named);
  const closers: (() => void)[] = [];
  let closed = false;
  const close = (): void => {
    if (closed) return;
    closed = true;
    for (const one of closers) one();
  };
  inputs.forEach((input, index) => {
    const file = files[index] ?? '';
    if (typeof input === 'string' ? input !== 'lifeline' : !(input instanceof Promise)) {
      writeFileSync(file, input as string | Uint8Array, { mode: 0o600, flag: 'wx' });
      return;
    }
    const descriptor = openEnd(file);
    closers.push(() => closeSync(descriptor));
    if (input instanceof Promise) input.then((text) => closed || writeSync(descriptor, text), close);
  });
  outputs.forEach((output, index) => {
    const descriptor = openEnd(files[inputs.length + index] ?? '');
    const reader = new Socket({ fd: descriptor, readable: true, writable: false });
    reader.setEncoding('utf8').on('data', output.push);
    if (output.end !== undefined) reader.once('close', output.end);
    closers.push(() => reader.destroy());
  });
  return { close };
}

const isPipe = (input: unknown): boolean => input === 'lifeline' || input instanceof Promise;

/** Both ends in one descriptor: opening only one would wait for the other side. */
const openEnd = (file: string): number => openSync(file, constants.O_RDWR | constants.O_NONBLOCK);

function makePipes(files: readonly string[]): void {
  if (files.length === 0) return;
  const made = spawnSync('/usr/bin/mkfifo', ['-m', '600', ...files], { env: {}, encoding: 'utf8' });
  if (made.status !== 0) throw new PerchError('SANDBOX_FAILED', { reason: `mkfifo: ${made.error ?? made.stderr}` });
}
