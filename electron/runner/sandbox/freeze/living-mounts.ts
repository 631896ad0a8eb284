import { readFileSync, statSync } from 'node:fs';
import type { Clock } from '../../../node/clock.ts';
import { runOnce } from '../../process/run-once.ts';
import { bytesOf, textOfName } from '../guard/byte-names.ts';
import { EMPTY_INSIDE, type Mount } from '../mounts.ts';

/** Where util-linux is on the host, and in every sandbox, which has the host's `/usr`. */
const NSENTER = '/usr/bin/nsenter';
const MOUNT = '/usr/bin/mount';
/** Read by `mount`, which is in the sandbox's namespaces then: its own first input. */
const TABLE = '/proc/self/fd/3';
/** Restrictions that the kernel lets no mount inside lose, and that a new one has to have too. */
const KEPT = ['nosuid', 'nodev', 'noexec'];

class MountsError extends Error {
  override readonly name = 'MountsError';
}

/** A line of mountinfo(5). */
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
      command: NSENTER,
      args: [
        // An ordinary user has the right to make mounts in the user namespace that the inner sandbox was started from.
        ...(process.getuid?.() === 0 ? [] : ['--preserve-credentials', `--user=/proc/${parentOf(root)}/ns/user`]),
        `--mount=/proc/${root}/ns/mnt`,
        `--pid=/proc/${root}/ns/pid`,
        ...['--', MOUNT, '--no-mtab', '--no-canonicalize', '--all', '--fstab', TABLE],
      ],
      environment: { PATH: '/usr/bin:/bin' },
      workingDirectory: '/',
      inputs: [Buffer.concat(lines)],
    },
    clock,
  );
  const now = mountsOf(root);
  const still = wanted.find((mount) => !stands(root, now, mount));
  if (still === undefined) return;
  throw new MountsError(`${still.path} could not be protected${failure === undefined ? '' : `: ${failure}`}`);
}

/** Those of the mounts that do not stand in a sandbox, for example because what they lay on was replaced. */
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
  const lines = readFileSync(`/proc/${root}/mountinfo`, 'latin1').split('\n').filter(Boolean);
  return new Map(
    lines.map((line) => {
      const [, , , , point = '', options = ''] = line.split(' ');
      const path = point.replace(/\\(\d{3})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 8)));
      const list = options.split(',');
      return [textOfName(Buffer.from(path, 'latin1')), { writable: list.includes('rw'), options: list }];
    }),
  );
}

/** Of the mount that a path lies on. */
function optionsAt(standing: ReadonlyMap<string, Standing>, { path }: Mount): readonly string[] {
  for (let at = path; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const found = standing.get(at);
    if (found !== undefined) return found.options.filter((option) => KEPT.includes(option));
  }
  return KEPT.slice(0, 2);
}

/** As in fstab(5), where blanks end a field. */
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

function parentOf(pid: number): number {
  return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0);
}
