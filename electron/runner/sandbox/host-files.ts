import { existsSync, lstatSync, readlinkSync } from 'node:fs';

/**
 * The files below /etc that programs need for names, certificates, time zone, libraries and alternatives.
 * Nothing with a secret: no shadow, no private keys, no tool's configuration. Each only if present.
 */
const ETC = [
  'resolv.conf',
  'hosts',
  'host.conf',
  'gai.conf',
  'nsswitch.conf',
  'services',
  'protocols',
  'ssl/certs',
  'ssl/cert.pem',
  'ssl/openssl.cnf',
  'pki/tls/certs',
  'pki/tls/cert.pem',
  'pki/tls/openssl.cnf',
  'pki/ca-trust/extracted',
  'ca-certificates',
  'ca-certificates.conf',
  'crypto-policies',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'alternatives',
  'localtime',
  'timezone',
  'locale.conf',
  'locale.alias',
  'mime.types',
  'os-release',
  'terminfo',
] as const;

/** Folders at the root that are links into /usr nowadays, and real folders on older systems. */
const ROOT_FOLDERS = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'] as const;

/**
 * Below /proc, where the kernel asks for user 0 and for no capability. A sandbox of root's is user 0 to it, whatever
 * it is called inside: /proc/sys/kernel/core_pattern alone starts any program, outside and as root.
 */
const KERNEL_SETTINGS = ['sys', 'sysrq-trigger', 'fs', 'acpi', 'driver', 'scsi'] as const;

export function kernelSettings(): string[] {
  return KERNEL_SETTINGS.map((name) => `/proc/${name}`).filter((path) => existsSync(path));
}

export type SystemMount =
  | { readonly kind: 'bind'; readonly path: string }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

/** The parts of this machine that a sandbox shows, all read-only. */
export function systemMounts(): SystemMount[] {
  return [
    { kind: 'bind', path: '/usr' },
    ...ROOT_FOLDERS.flatMap(rootFolder),
    ...ETC.map((name) => `/etc/${name}`)
      .filter((path) => existsSync(path))
      .map((path) => ({ kind: 'bind', path }) as const),
  ];
}

function rootFolder(name: string): SystemMount[] {
  const path = `/${name}`;
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isSymbolicLink()) return [{ kind: 'link', path, target: readlinkSync(path) }];
  return stat?.isDirectory() ? [{ kind: 'bind', path }] : [];
}
