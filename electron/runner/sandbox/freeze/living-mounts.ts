import { readFileSync, statSync } from 'node:fs';
import { bytesOf } from '../../../node/byte-names.ts';
import type { Clock } from '../../../node/clock.ts';
import { runOnce } from '../../process/run-once.ts';
import { EMPTY_INSIDE, type Mount } from '../mounts.ts';
import { pointsOf } from './mount-table.ts';
import { KEPT_OPTIONS, mountingIn } from './nsenter.ts';

/** Read by `mount`, which is in the sandbox's namespaces then: its own first input. */
const TABLE = '/proc/self/fd/3';

class MountsError extends Error {
  override readonly name = 'MountsError';
}

/** The mount that lies uppermost in a place. */
interface Standing {
  readonly writable: boolean;
  readonly options: readonly string[];
}

/**
 * Makes those of the mounts that do not stand in a sandbox, all of whose processes are stopped, and answers only when
 * each of them stands. On the host a folder or file can be renamed, replaced and removed although a sandbox has a mount
 * on it: the mount then goes with it, without a word. So they are compared every time, never assumed.
 * @throws MountsError
 */
export async function bringMounts(root: number, wanted: readonly Mount[], clock: Clock): Promise<void> {
  const standing = mountsOf(root);
  const missing = fallenMounts(root, wanted);
  if (missing.length === 0) return;
  const lines = missing.map((mount) => tableLine(mount, optionsAt(standing, mount)));
  const { failure } = await runOnce(
    {
      ...mountingIn(root, ['--all', '--fstab', TABLE]),
      inputs: [Buffer.concat(lines)],
    },
    clock,
  );
  const now = mountsOf(root);
  const still = wanted.find((mount) => !stands(root, now, mount));
  if (still === undefined) return;
  throw new MountsError(`${still.path} could not be protected${failure === undefined ? '' : `: ${failure}`}`);
}

/** The mounts that do not stand in a sandbox, for example because what they lay on was replaced. */
export function fallenMounts(root: number, mounts: readonly Mount[]): Mount[] {
  const standing = mountsOf(root);
  return mounts.filter((mount) => !stands(root, standing, mount));
}

function stands(root: number, standing: ReadonlyMap<string, Standing>, { source, path, writable }: Mount): boolean {
  const found = standing.get(path);
  if (found === undefined || (found.writable && !writable)) return false;
  // A mount on what was there before: what is there now has another number.
  return identityOf(`/proc/${root}/root${path}`) === identityOf(source);
}

function identityOf(path: string): string | undefined {
  const stat = statSync(bytesOf(path), { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? undefined : `${stat.dev}:${stat.ino}`;
}

function mountsOf(root: number): ReadonlyMap<string, Standing> {
  const points = pointsOf(readFileSync(`/proc/${root}/mountinfo`, 'latin1'));
  return new Map(points.map(({ path, options }) => [path, { writable: options.includes('rw'), options }]));
}

/** Facts of the mount that a path lies on. */
function optionsAt(standing: ReadonlyMap<string, Standing>, { path }: Mount): readonly string[] {
  for (let at = path; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const found = standing.get(at);
    if (found !== undefined) return found.options.filter((option) => KEPT_OPTIONS.includes(option));
  }
  return KEPT_OPTIONS.slice(0, 2);
}

/** A line as in fstab(5), where blanks end a field. */
function tableLine({ source, path, writable }: Mount, kept: readonly string[]): Buffer {
  const options = ['bind', ...(writable ? [] : ['ro']), ...kept].join(',');
  // A mount that is not laid over itself is the empty file: Perch's own folders do not exist inside.
  return Buffer.concat([
    field(source === path ? path : EMPTY_INSIDE),
    Buffer.from(' '),
    field(path),
    Buffer.from(` none ${options} 0 0\n`),
  ]);
}

function field(path: string): Buffer {
  const escaped = [...Buffer.from(bytesOf(path))].flatMap((byte) =>
    byte <= 0x20 || byte === 0x23 || byte === 0x5c
      ? [...Buffer.from(`\\${byte.toString(8).padStart(3, '0')}`)]
      : [byte],
  );
  return Buffer.from(escaped);
}
