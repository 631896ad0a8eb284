import type { SystemMount } from './host-files.ts';
import type { Mount } from './mounts.ts';

/** The ids that the user outside has inside. */
export interface Ids {
  readonly uid: number;
  readonly gid: number;
}

interface OuterOptions {
  readonly ids: Ids;
  /** False where it is started in a PID namespace already. */
  readonly ownProcesses: boolean;
  readonly ownNetwork: boolean;
  /** The descriptor that bubblewrap writes its child to. */
  readonly info: number | undefined;
}

/**
 * The outer sandbox: processes and a network of its own, and all files of the host. Nothing but the inner one and the
 * bridge to the egress proxy runs in it. Its first process ends everything inside, daemons included.
 */
export function outerOptions({ ids, ownProcesses, ownNetwork, info }: OuterOptions): string[] {
  return [
    '--unshare-user',
    ...idOptions(ids),
    // The inner bubblewrap looks its child up in /proc, by the number it has in here: in the host's /proc another
    // process has that number, or none. Root's own bubblewrap would cover parts of a new /proc, and the kernel then
    // refuses the inner one: root has processes and /proc from ROOTS_PROCESSES.
    ...(ownProcesses ? ['--unshare-pid'] : []),
    // `lo` is up in it, and nothing else.
    ...(ownNetwork ? ['--unshare-net'] : []),
    ...['--cap-drop', 'ALL'],
    // The kernel asks for it where the inner sandbox's id is 0 out here.
    ...(ids.uid === 0 ? ['--cap-add', 'CAP_SETFCAP'] : []),
    '--die-with-parent',
    ...(info === undefined ? [] : ['--info-fd', String(info)]),
    ...['--dev-bind', '/', '/'],
    ...(ownProcesses ? ['--proc', '/proc'] : []),
  ];
}

interface InnerOptions {
  readonly system: readonly SystemMount[];
  readonly mounts: readonly Mount[];
  readonly workingDirectory: string;
  readonly ids: Ids;
  /** Folders and files of the new /proc that become read-only. */
  readonly kernelSettings: readonly string[];
  /** See SandboxRequest. */
  readonly ownsTerminal: boolean;
  /** Names that a shell on the way in may have set. */
  readonly unset: readonly string[];
  /** Read by bubblewrap, but `status`, which it writes to. `gate`: the program starts once a byte arrives. */
  readonly descriptors: {
    readonly passwd: number;
    readonly group: number;
    readonly seccomp: number;
    readonly status: number;
    readonly gate: number | undefined;
  };
}

/**
 * The inner sandbox, from an empty root, in the order in which the options take effect. They travel through
 * `--args FD`, never on the command line.
 */
export function innerOptions(options: InnerOptions): string[] {
  const { descriptors } = options;
  return [
    '--unshare-user',
    ...idOptions(options.ids),
    '--unshare-pid',
    '--unshare-ipc',
    '--unshare-uts',
    '--unshare-cgroup-try',
    ...['--cap-drop', 'ALL'],
    '--die-with-parent',
    ...(options.ownsTerminal ? [] : ['--new-session']),
    ...['--json-status-fd', String(descriptors.status)],
    ...['--seccomp', String(descriptors.seccomp)],
    ...(descriptors.gate === undefined ? [] : ['--block-fd', String(descriptors.gate)]),
    ...options.unset.flatMap((name) => ['--unsetenv', name]),
    ...options.system.flatMap((mount) =>
      mount.kind === 'link' ? ['--symlink', mount.target, mount.path] : ['--ro-bind', mount.path, mount.path],
    ),
    // Files of the root itself, which becomes read-only below: a mount for each would cost more than they are worth.
    ...['--perms', '0444', '--file', String(descriptors.passwd), '/etc/passwd'],
    ...['--perms', '0444', '--file', String(descriptors.group), '/etc/group'],
    ...['--proc', '/proc', '--dev', '/dev', '--perms', '1777', '--tmpfs', '/tmp', '--dir', '/run', '--dir', '/var'],
    ...options.kernelSettings.flatMap((path) => ['--ro-bind', path, path]),
    ...['--symlink', '../tmp', '/var/tmp'],
    ...options.mounts.flatMap((mount) => [mount.writable ? '--bind' : '--ro-bind', mount.source, mount.path]),
    // The folders around the mounts are no real place: a file written there would only look as if it stayed.
    ...['--remount-ro', '/'],
    ...['--chdir', options.workingDirectory],
  ];
}

function idOptions({ uid, gid }: Ids): string[] {
  return ['--uid', String(uid), '--gid', String(gid)];
}

/** The accounts that exist inside, without the names of the host's users. */
export function accountFiles(user: { uid: number; gid: number; home: string }): { passwd: string; group: string } {
  const id = user.uid === 0 || user.uid === 65534 ? [] : [`agent:x:${user.uid}:${user.gid}:agent:${user.home}:/bin/sh`];
  const ownGroup = user.gid === 0 || user.gid === 65534 ? [] : [`agent:x:${user.gid}:`];
  const nobodyHome = user.uid === 65534 ? user.home : '/nonexistent';
  const passwd = ['root:x:0:0:root:/root:/bin/sh', ...id, `nobody:x:65534:65534:nobody:${nobodyHome}:/bin/sh`];
  const group = ['root:x:0:', ...ownGroup, 'nogroup:x:65534:'];
  return { passwd: `${passwd.join('\n')}\n`, group: `${group.join('\n')}\n` };
}
