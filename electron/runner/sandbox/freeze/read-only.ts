import { readFileSync } from 'node:fs';
import { sep } from 'node:path';
import type { Clock } from '../../../node/clock.ts';
import { runOnce } from '../../process/run-once.ts';
import { type Point, pointsOf } from './mount-table.ts';
import { enteringMounts, MOUNT } from './nsenter.ts';

/**
 * Makes every mount at and below these folders read-only in a sandbox, all of whose processes are stopped. False when
 * one could not be made so, for example because a process has a file in there open for writing. Nothing is seen of it
 * outside of the sandbox.
 */
export async function makeReadOnly(root: number, folders: readonly string[], clock: Clock): Promise<boolean> {
  for (const { path, options } of writableBelow(root, folders)) {
    // A name that is no UTF-8 cannot be an argument.
    if (!path.isWellFormed()) return false;
    const kept = options.filter((option) => ['nosuid', 'nodev', 'noexec'].includes(option));
    const how = ['remount', 'bind', 'ro', ...kept].join(',');
    const { failure } = await runOnce(
      enteringMounts(root, [MOUNT, '--no-mtab', '--no-canonicalize', '--options', how, '--', path]),
      clock,
    );
    if (failure !== undefined) return false;
  }
  // Of several mounts in one place only the uppermost was made so.
  return writableBelow(root, folders).length === 0;
}

function writableBelow(root: number, folders: readonly string[]): Point[] {
  const points = pointsOf(readFileSync(`/proc/${root}/mountinfo`, 'latin1'));
  const isIn = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}${sep}`);
  return points.filter(({ path, options }) => options.includes('rw') && folders.some((folder) => isIn(path, folder)));
}
