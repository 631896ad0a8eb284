import { readFileSync } from 'node:fs';
import type { ProgramSpec } from '../../process/program.ts';

/** Where util-linux is on the host, and in every sandbox, which has the host's `/usr`. */
const NSENTER = '/usr/bin/nsenter';
const MOUNT = '/usr/bin/mount';

/** Restrictions that the kernel lets no mount inside lose, and that a changed or new one has to have too. */
export const KEPT_OPTIONS = ['nosuid', 'nodev', 'noexec'];

/** `mount` with the right to make mounts in a sandbox, for whose first process `root` is the host's number. */
export function mountingIn(root: number, args: readonly string[]): ProgramSpec {
  return {
    command: NSENTER,
    args: [
      // An ordinary user has the right to make mounts in the user namespace that the inner sandbox was started from.
      ...(process.getuid?.() === 0 ? [] : ['--preserve-credentials', `--user=/proc/${parentOf(root)}/ns/user`]),
      `--mount=/proc/${root}/ns/mnt`,
      `--pid=/proc/${root}/ns/pid`,
      '--',
      ...[MOUNT, '--no-mtab', '--no-canonicalize', ...args],
    ],
    environment: { PATH: '/usr/bin:/bin' },
    workingDirectory: '/',
  };
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0);
}
