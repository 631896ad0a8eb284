import { existsSync, mkdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Attempt, python } from '../attempt.ts';

/** The token is in a file of the host that no session was given. */
const wrote =
  (place: (world: { outside: string; home: string; root: string }) => string): Attempt['escaped'] =>
  ({ world }, token) =>
    world.read(place(world))?.includes(token) === true;

const toOutside = (name: string, script: string, more: Partial<Attempt> = {}): Attempt => ({
  name,
  script,
  escaped: wrote(({ outside }) => join(outside, name)),
  ...more,
});

/** Places where every user of the host may write. They are removed by whoever looks at them. */
const toCommon = (name: string, folder: string, onlyAsRoot = false): Attempt => ({
  name,
  onlyAsRoot,
  script: `echo "$TOKEN" > ${folder}/perch-escape-$TOKEN`,
  escaped(_, token) {
    const file = `${folder}/perch-escape-${token}`;
    const found = existsSync(file);
    rmSync(file, { force: true });
    return found;
  },
});

/** A folder's handle, made on the host: with it no path is needed (the "shocker" of early containers). */
const HANDLE = `
import ctypes, os, sys
class H(ctypes.Structure): _fields_ = [('n', ctypes.c_uint), ('t', ctypes.c_int), ('b', ctypes.c_ubyte * 128)]
h = H(); h.n = 128; m = ctypes.c_int()
assert ctypes.CDLL(None).name_to_handle_at(-100, sys.argv[1].encode(), ctypes.byref(h), ctypes.byref(m), 0) == 0
print(h.t, bytes(h.b[:h.n]).hex())
`;

export const writeOut: readonly Attempt[] = [
  toOutside('absolute-path', 'mkdir -p "$OUTSIDE"; echo "$TOKEN" > "$OUTSIDE/absolute-path"'),
  toOutside('dots', 'mkdir -p ../outside; echo "$TOKEN" > ../outside/dots'),
  {
    name: 'home-of-the-user',
    script: 'mkdir -p "$HOST_HOME"; echo "$TOKEN" > "$HOST_HOME/home-of-the-user"',
    escaped: wrote(({ home }) => join(home, 'home-of-the-user')),
  },
  toOutside('link-made-inside', 'ln -s "$OUTSIDE" made-inside; echo "$TOKEN" > made-inside/link-made-inside'),
  toOutside('link-planted-before', 'echo "$TOKEN" > planted/link-planted-before', {
    prepare: ({ project, outside }) => symlinkSync(outside, join(project, 'planted')),
  }),
  toOutside('link-to-a-file', 'echo "$TOKEN" > planted-file', {
    prepare: ({ project, outside }) => symlinkSync(join(outside, 'link-to-a-file'), join(project, 'planted-file')),
  }),
  toOutside('link-in-a-chain', 'ln -s "$OUTSIDE" a1; ln -s a1 a2; ln -s a2/. a3; echo "$TOKEN" > a3/link-in-a-chain'),
  {
    name: 'hard-link',
    script: 'ln "$OUTSIDE/linked.txt" hard; echo "$TOKEN" >> hard',
    prepare: ({ write, outside }) => write(join(outside, 'linked.txt'), ''),
    escaped: wrote(({ outside }) => join(outside, 'linked.txt')),
  },
  toOutside(
    'root-of-first-process',
    'echo "$TOKEN" > "/proc/1/root$OUTSIDE/root-of-first-process" || echo "$TOKEN" > "/proc/self/root$OUTSIDE/root-of-first-process"',
  ),
  toOutside(
    'working-directory-of-others',
    'for d in /proc/self/cwd /proc/$PPID/cwd /proc/1/cwd; do echo "$TOKEN" > "$d/../outside/working-directory-of-others"; done',
  ),
  toOutside(
    'open-descriptors',
    python(`
for fd in list(range(3, 64)) + [os.open('.', os.O_RDONLY)]:
    for way in ('../outside', 'outside', E['OUTSIDE'].lstrip('/')):
        try: os.write(os.open(way + '/open-descriptors', os.O_CREAT | os.O_WRONLY, dir_fd=fd), E['TOKEN'].encode())
        except OSError: pass
`),
  ),
  {
    name: 'rename-out',
    script:
      'echo "$TOKEN" > moving; mv moving "$OUTSIDE/rename-out" || python3 -c "import os; os.rename(\'moving\', os.environ[\'OUTSIDE\'] + \'/rename-out\')"',
    escaped: wrote(({ outside }) => join(outside, 'rename-out')),
  },
  {
    name: 'move-the-working-directory',
    script:
      'mkdir -p ../outside; mv "$PROJECT" "$OUTSIDE/moved" && mv "$OUTSIDE/moved" "$PROJECT" && echo moved > "$OUTSIDE/move-the-working-directory"',
    escaped: ({ world }) => existsSync(join(world.outside, 'move-the-working-directory')),
  },
  {
    name: 'handle-of-a-folder',
    onlyAsRoot: true,
    prepare: ({ asUser, outside, project, write }) =>
      write(join(project, 'handle'), asUser('python3', ['-c', HANDLE, outside])),
    script: python(`
import ctypes
kind, data = open('handle').read().split(); data = bytes.fromhex(data)
class H(ctypes.Structure): _fields_ = [('n', ctypes.c_uint), ('t', ctypes.c_int), ('b', ctypes.c_ubyte * 128)]
h = H(); h.n = len(data); h.t = int(kind); ctypes.memmove(h.b, data, len(data))
fd = ctypes.CDLL(None).open_by_handle_at(os.open('.', os.O_RDONLY), ctypes.byref(h), os.O_RDONLY)
os.write(os.open('handle-of-a-folder', os.O_CREAT | os.O_WRONLY, dir_fd=fd), E['TOKEN'].encode())
`),
    escaped: wrote(({ outside }) => join(outside, 'handle-of-a-folder')),
  },
  {
    name: 'device-node',
    onlyAsRoot: true,
    script: 'mknod device b 7 250',
    escaped: ({ world }) => existsSync(join(world.project, 'device')),
  },
  ...(['shell', 'python-fchmod', 'python-open'] as const).map((way): Attempt => {
    const file = `setuid-${way}`;
    const scripts = {
      shell: `cp /bin/sh ${file}; chmod 6755 ${file}`,
      'python-fchmod': python(`f = os.open('${file}', os.O_CREAT | os.O_RDWR); os.fchmod(f, 0o4755)`),
      'python-open': python(`os.umask(0); os.open('${file}', os.O_CREAT | os.O_RDWR, 0o6755)`),
    };
    return {
      name: file,
      script: scripts[way],
      escaped({ world }) {
        const stat = statSync(join(world.project, file), { throwIfNoEntry: false });
        return stat !== undefined && (stat.mode & 0o6000) !== 0;
      },
    };
  }),
  {
    name: 'mount-in-a-new-namespace',
    prepare: ({ asUser }) => void asUser('git', ['init', '-q', 'mounted']),
    script:
      'unshare -Urm sh -c "umount -l mounted/.git/hooks; mount -o remount,bind,rw mounted/.git/hooks"; echo "$TOKEN" > mounted/.git/hooks/pre-push; chmod +x mounted/.git/hooks/pre-push',
    escaped: ({ world }, token) =>
      world.read(join(world.project, 'mounted/.git/hooks/pre-push'))?.includes(token) === true,
  },
  {
    name: 'remount-writable',
    onlyAsRoot: true,
    script:
      'mount -o remount,rw,bind /usr; mount -o remount,rw /; echo "$TOKEN" > /usr/local/share/perch-escape-remount',
    escaped() {
      const found = existsSync('/usr/local/share/perch-escape-remount');
      rmSync('/usr/local/share/perch-escape-remount', { force: true });
      return found;
    },
  },
  toCommon('system-folder', '/usr/local/share', true),
  toCommon('settings-of-the-system', '/etc', true),
  toCommon('root-folder', '', true),
  toCommon('temporary-files', '/var/tmp'),
  toCommon('temporary-folder', '/tmp'),
  toCommon('shared-memory-files', '/dev/shm'),
  {
    name: 'larger-than-allowed',
    script: 'truncate -s 20G large',
    escaped({ world }) {
      const file = join(world.project, 'large');
      const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
      rmSync(file, { force: true });
      return size > 17 * 1024 ** 3;
    },
  },
  {
    // Perch removes its empty folders afterwards: not those that a link leads to.
    name: 'removal-through-a-link',
    prepare({ outside, asUser }) {
      asUser('git', ['init', '-q', '--template=', 'upper/repo']);
      for (const folder of [join(outside, 'decoy'), join(outside, 'decoy/.git')]) mkdirSync(folder);
      mkdirSync(join(outside, 'decoy/.git/hooks'), { mode: 0o1555 });
    },
    script: 'mv upper/repo upper/gone; ln -s "$OUTSIDE/decoy" upper/repo; rmdir upper/repo/.git/hooks',
    escaped: ({ world }) => !existsSync(join(world.outside, 'decoy/.git/hooks')),
  },
];
