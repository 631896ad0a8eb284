import path from 'node:path';

export interface OwnPlaces {
  readonly homeDir: string;
  readonly dataDir: string;
  /** Perch's own working directory for turns without a project. May lie inside the data directory. */
  readonly scratchDir: string;
}

/**
 * Folders of the system. In some of them are sockets and devices that lead out of any sandbox: of the session bus,
 * and with it the keychain, of agents for SSH keys, of container engines.
 */
const SYSTEM = [
  '/bin',
  '/boot',
  '/dev',
  '/etc',
  '/lib',
  '/lib64',
  '/proc',
  '/run',
  '/sbin',
  '/sys',
  '/usr',
  '/var/run',
];
/** Temporary folders of all users hold such sockets too; a folder inside of them is a folder like any other. */
const SHARED = ['/tmp', '/var/tmp', '/private/tmp'];
/** Below the user's home: keys, passwords and logins. */
const SECRETS = [
  '.aws',
  '.azure',
  '.config/gcloud',
  '.config/gh',
  '.docker',
  '.gnupg',
  '.kube',
  '.local/share/keyrings',
  '.mozilla',
  '.password-store',
  '.ssh',
  'Library/Keychains',
];

/**
 * True when a working directory would give a sandboxed agent more than a project: the whole machine or a part of the
 * system, the user's home or their secrets, or Perch's own data. All paths are absolute and real.
 */
export function isTooWide(
  projectDir: string,
  { homeDir, dataDir, scratchDir }: OwnPlaces,
  { parse, relative, isAbsolute, join, sep } = path,
): boolean {
  const contains = (outer: string, inner: string) => {
    const way = relative(outer, inner);
    return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  };
  if (projectDir === parse(projectDir).root) return true;
  if (contains(projectDir, homeDir) || contains(projectDir, dataDir)) return true;
  if (sep === '/' && isSystem(projectDir, contains)) return true;
  const secrets = SECRETS.map((place) => join(homeDir, place));
  if (secrets.some((place) => contains(place, projectDir) || contains(projectDir, place))) return true;
  return contains(dataDir, projectDir) && !contains(scratchDir, projectDir);
}

function isSystem(directory: string, contains: (outer: string, inner: string) => boolean): boolean {
  const inSystem = SYSTEM.some((place) => contains(place, directory) && !contains('/usr/src', directory));
  return inSystem || [...SYSTEM, ...SHARED].some((place) => contains(directory, place));
}
