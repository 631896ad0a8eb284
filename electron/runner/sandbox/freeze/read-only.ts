import { readFileSync } from 'node:fs';
import type { Clock } from '../../../node/clock.ts';
import { contains } from '../../../node/paths.ts';
import { runOnce } from '../../process/run-once.ts';
import { type Point, pointsOf } from './mount-table.ts';
import { KEPT_OPTIONS, mountingIn } from './nsenter.ts';

/**
 * Makes every mount at and below these folders read-only in a sandbox, all of whose processes are stopped. False when
 * one could not be made so, for example because a process has a file in there open for writing. Nothing is seen of it
 * outside of the sandbox.
 */
export async function makeReadOnly(root: number, folders: readonly string[], clock: Clock): Promise<boolean> {
  for (const { path, options } of writableBelow(root, folders)) {
    // A name that is no UTF-8 cannot be an argument.
    if (!path.isWellFormed()) return false;
    const kept = options.filter((option) => KEPT_OPTIONS.includes(option));
    const how = ['remount', 'bind', 'ro', ...kept].join(',');
    const { failure } = await runOnce(mountingIn(root, ['--options', how, '--', path]), clock);
    if (failure !== undefined) return false;
  }
  // Of several mounts in one place only the uppermost was made so.
  return writableBelow(root, folders).length === 0;
}

function writableBelow(root: number, folders: readonly string[]): Point[] {
  const points = pointsOf(readFileSync(`/proc/${root}/mountinfo`, 'latin1'));
  return points.filter(
    ({ path, options }) => options.includes('rw') && folders.some((folder) => contains(folder, path)),
  );
}
