import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import type { Identity } from './freezer.ts';
import { attempt } from './processes.ts';

const SHELLS = ['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'fish', 'busybox'];

export const isShell = (pid: number): boolean => SHELLS.includes(basename(argumentsOf(pid)[0] ?? '').replace(/^-/, ''));

/**
 * The command that a person knows it by: of a shell that was started for one command, that command. A shell's own command
 * line is then often what an agent wrapped around it. A script whose commands come and go stands for itself.
 */
export function commandOf(first: Identity, childrenOf: (pid: number) => readonly Identity[]): string {
  let at = first;
  while (isShell(at.pid)) {
    const [only, ...more] = childrenOf(at.pid);
    if (only === undefined || more.length > 0 || Number(only.started) - Number(first.started) > AT_ONCE) break;
    at = only;
  }
  return argumentsOf(at.pid).map(quoted).join(' ');
}

/** Clock ticks, of which there are 100 a second. */
const AT_ONCE = 50;

/** True when its standard input comes from another program. */
export const talksOnItsInput = (pid: number): boolean =>
  /^(?:socket|pipe):/.test(read(() => readlinkSync(`/proc/${pid}/fd/0`)) ?? '');

function argumentsOf(pid: number): string[] {
  const text = read(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')) ?? '';
  const all = text.replace(/\0+$/, '').split('\0');
  return all.join('') === '' ? [`[${(read(() => readFileSync(`/proc/${pid}/comm`, 'utf8')) ?? '').trim()}]`] : all;
}

/** Some programs write a title there, with spaces, as a single argument: it stands as it is. */
const quoted = (text: string, index: number): string =>
  index === 0 || /^[^\s'"\\$`]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** The ports that these processes listen on, ascending; those that cannot be read are not there. */
export function listensOn(pids: readonly number[]): number[] {
  const sockets = new Set(pids.flatMap(socketsOf));
  const tables = ['tcp', 'tcp6'].map(
    (name) => read(() => readFileSync(`/proc/${pids[0]}/net/${name}`, 'latin1')) ?? '',
  );
  const ports = tables
    .flatMap((table) => table.split('\n').slice(1))
    .flatMap((line) => {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      const isOne = state === LISTENING && sockets.has(inode);
      return isOne ? [Number.parseInt(local.slice(local.lastIndexOf(':') + 1), 16)] : [];
    });
  return [...new Set(ports)].sort((a, b) => a - b);
}

/** TCP_LISTEN of the kernel's tcp_states.h. */
const LISTENING = '0A';

function socketsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return (read(() => readdirSync(folder)) ?? []).flatMap((name) => {
    const target = read(() => readlinkSync(`${folder}/${name}`)) ?? '';
    return /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? [];
  });
}

/** Undefined: it is gone, or may not be read. */
const read = <T>(look: () => T): T | undefined => attempt(look, ['EACCES', 'EPERM']);
