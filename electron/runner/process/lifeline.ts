import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { Socket } from 'node:net';

/** With this argument the runner was given a lifeline: it ends with the core, however that ends. */
const LIFELINE_ARGUMENT = '--lifeline';
const DESCRIPTOR = 3;

/**
 * A runner that ends by itself, as it should, gets a second. The broken pipe shows that it is gone: its number stays
 * taken until its parent has reaped it.
 */
const GUARD = `read -r line
for tenth in 1 2 3 4 5 6 7 8 9 10; do echo || exit 0; /bin/sleep 0.1; done
kill -KILL 0`;

/**
 * Starts a guard in the runner's own process group, which it has to lead. A runner that hangs, or is stopped, does not
 * see that its input ended; the guard does, and kills the group.
 * @param onFailed there is no guard: then only the next start of Perch ends a runner that hangs
 */
export function guardLifeline(argv: readonly string[], onFailed: (error: Error) => void): void {
  if (!argv.includes(LIFELINE_ARGUMENT)) return;
  const guard = spawn('/bin/sh', ['-c', GUARD], { stdio: [DESCRIPTOR, 'pipe', 'ignore'], env: {} });
  guard.once('error', onFailed);
  guard.unref();
  (guard.stdout as Socket | null)?.unref();
  // Agents must not inherit it.
  closeSync(DESCRIPTOR);
}
