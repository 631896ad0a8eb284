import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inheritableDescriptors } from '../process/inherited-descriptors.ts';
import type { ProgramSpec } from '../process/program.ts';

/** What a pseudo-terminal can start: it passes on no descriptors but its own. */
export interface TerminalCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Reads what the program wrote to its status descriptor until now. */
  readStatus(): void;
  /** The program has opened its files: they may go. Idempotent. */
  removeFiles(): void;
}

/** The small shells know descriptors of one digit only. */
const SHELL = '/bin/sh';
const SHELL_OF_MANY_DESCRIPTORS = '/bin/bash';

/**
 * The program by way of a shell that opens its descriptors from files and becomes the program. The files are nobody
 * else's, and hold no secret: a sandbox's options and account files. Descriptors that would be inherited are closed.
 */
export function terminalCommand(
  spec: ProgramSpec,
  inherited: readonly number[] = inheritableDescriptors(),
): TerminalCommand {
  const inputs = spec.inputs ?? [];
  const foreign = inherited.filter((descriptor) => descriptor >= 3 + inputs.length + (spec.onStatusText ? 1 : 0));
  if (inputs.length === 0 && spec.onStatusText === undefined && foreign.length === 0) {
    return { command: spec.command, args: spec.args, readStatus: () => {}, removeFiles: () => {} };
  }
  const folder = mkdtempSync(join(tmpdir(), 'perch-terminal-'));
  const files = inputs.map((_, index) => join(folder, `input-${index}`));
  inputs.forEach((text, index) => {
    writeFileSync(files[index] ?? '', text, { mode: 0o600, flag: 'wx' });
  });
  const status = join(folder, 'status');
  writeFileSync(status, '', { mode: 0o600, flag: 'wx' });
  const opened = inputs.map((_, index) => `${3 + index}<"$${index + 1}"`);
  if (spec.onStatusText !== undefined) opened.push(`${3 + inputs.length}>"$${inputs.length + 1}"`);
  const redirections = [...opened, ...foreign.map((descriptor) => `${descriptor}>&-`)].join(' ');
  const script = `exec ${redirections}; shift ${inputs.length + 1}; exec "$@"`;
  let seen = 0;
  let removed = false;
  const readStatus = (): void => {
    if (removed) return;
    const text = readFileSync(status, 'utf8');
    spec.onStatusText?.(text.slice(seen));
    seen = text.length;
  };
  return {
    command: foreign.some((descriptor) => descriptor > 9) ? SHELL_OF_MANY_DESCRIPTORS : SHELL,
    args: ['-c', script, 'perch-terminal', ...files, status, spec.command, ...spec.args],
    readStatus,
    removeFiles() {
      if (removed) return;
      readStatus();
      removed = true;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
