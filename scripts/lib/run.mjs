import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { nodeExecutable, root, toolEnvironment } from './paths.mjs';

/**
 * Runs a development tool with this checkout's Node and tools on PATH. Resolves with its exit status.
 */
export function run(command, args, options = {}) {
  return launch(command, args, { cwd: root, ...options, env: { ...toolEnvironment(), ...options.env } });
}

/**
 * Runs Perch itself as the user would: in their folder, with their environment. What is on *their* PATH decides which
 * agents are found.
 */
export function runPerch(file, args) {
  return launch(nodeExecutable(), [join(root, 'dist', file), ...args], {});
}

/** Resolves with the exit status; 128 + n when signal n ended the program. */
function launch(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    const forward = (signal) => child.kill(signal);
    for (const signal of FORWARDED) process.on(signal, forward);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      for (const name of FORWARDED) process.off(name, forward);
      resolve(code ?? 128 + (SIGNAL_NUMBERS[signal] ?? 0));
    });
    // A terminal sends Ctrl+C to the whole group: the child has it already, and a second one would mean "leave now".
    if (process.stdin.isTTY) process.off('SIGINT', forward).on('SIGINT', () => {});
  });
}

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const SIGNAL_NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/** Like `run`, but a failure ends this process with the same status. */
export async function must(command, args, options) {
  const status = await run(command, args, options);
  if (status !== 0) process.exit(status);
}

/** Runs quietly; resolves with the status and all it printed. */
export function capture(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...options,
      env: { ...toolEnvironment(), ...options.env },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.on('error', (error) => resolve({ status: 127, output: `${output}${error.message}` }));
    child.on('close', (code) => resolve({ status: code ?? 1, output }));
  });
}
