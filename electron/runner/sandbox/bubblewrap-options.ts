import type { SandboxNetwork } from '../../../shared/model/sandbox-policy.ts';
import type { SystemMount } from './host-files.ts';
import type { Mount } from './mounts.ts';

export interface BubblewrapOptions {
  readonly system: readonly SystemMount[];
  readonly mounts: readonly Mount[];
  readonly workingDirectory: string;
  readonly network: SandboxNetwork['kind'];
  /** See SandboxRequest. */
  readonly ownsTerminal: boolean;
  /** Set where the user outside is root: an ordinary user's ids inside. */
  readonly ids: { readonly uid: number; readonly gid: number } | undefined;
  /** Folders and files of the new /proc that become read-only. */
  readonly kernelSettings: readonly string[];
  /** Descriptors: bubblewrap reads the two files from them and writes its status to the third. */
  readonly descriptors: { readonly passwd: number; readonly group: number; readonly status: number };
}

/**
 * Bubblewrap's options from an empty root, in the order in which they take effect. They travel through `--args FD`,
 * never on the command line. Other sandboxes stay possible inside: user namespaces are not disabled, because
 * Codex brings its own.
 */
export function bubblewrapOptions(options: BubblewrapOptions): string[] {
  const { ids, descriptors } = options;
  return [
    '--unshare-user',
    ...(ids === undefined ? [] : ['--uid', String(ids.uid), '--gid', String(ids.gid)]),
    '--unshare-pid',
    '--unshare-ipc',
    '--unshare-uts',
    '--unshare-cgroup-try',
    ...(options.network !== 'shared' ? ['--unshare-net'] : []),
    ...['--cap-drop', 'ALL'],
    '--die-with-parent',
    ...(options.ownsTerminal ? [] : ['--new-session']),
    ...['--json-status-fd', String(descriptors.status)],
    ...options.system.flatMap((mount) =>
      mount.kind === 'link' ? ['--symlink', mount.target, mount.path] : ['--ro-bind', mount.path, mount.path],
    ),
    ...['--perms', '0444', '--ro-bind-data', String(descriptors.passwd), '/etc/passwd'],
    ...['--perms', '0444', '--ro-bind-data', String(descriptors.group), '/etc/group'],
    ...['--proc', '/proc', '--dev', '/dev', '--perms', '1777', '--tmpfs', '/tmp', '--dir', '/run', '--dir', '/var'],
    ...options.kernelSettings.flatMap((path) => ['--ro-bind', path, path]),
    ...['--symlink', '../tmp', '/var/tmp'],
    ...options.mounts.flatMap((mount) => [mount.writable ? '--bind' : '--ro-bind', mount.source, mount.path]),
    // What holds the mounts together is scenery: a file written there would only look as if it stayed.
    ...['--remount-ro', '/'],
    ...['--chdir', options.workingDirectory],
  ];
}

/** The accounts that exist inside: the host's own names are nobody's business there. */
export function accountFiles(user: { uid: number; gid: number; home: string }): { passwd: string; group: string } {
  const id = user.uid === 0 || user.uid === 65534 ? [] : [`agent:x:${user.uid}:${user.gid}:agent:${user.home}:/bin/sh`];
  const ownGroup = user.gid === 0 || user.gid === 65534 ? [] : [`agent:x:${user.gid}:`];
  const nobodyHome = user.uid === 65534 ? user.home : '/nonexistent';
  const passwd = ['root:x:0:0:root:/root:/bin/sh', ...id, `nobody:x:65534:65534:nobody:${nobodyHome}:/bin/sh`];
  const group = ['root:x:0:', ...ownGroup, 'nogroup:x:65534:'];
  return { passwd: `${passwd.join('\n')}\n`, group: `${group.join('\n')}\n` };
}
