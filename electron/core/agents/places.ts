import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { compareVersions } from '../../../shared/versions.ts';

/** Where programs are put by what installs them, whether a shell's PATH names it or not. */
export interface Place {
  readonly kind: 'programs' | 'modules';
  /** Absolute. */
  readonly folder: string;
}

export interface PlacesIn {
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `process.platform`. */
  readonly platform: string;
}

/** `~` is the home folder; `*` every folder there, the newest version first. */
const PROGRAMS = [
  '~/.local/bin',
  '~/bin',
  '~/.bun/bin',
  '~/.cargo/bin',
  '~/.deno/bin',
  '~/.npm-global/bin',
  '~/.nix-profile/bin',
  '/opt/homebrew/bin',
  '/home/linuxbrew/.linuxbrew/bin',
  '/usr/local/bin',
  '/opt/local/bin',
  '/run/current-system/sw/bin',
  '/snap/bin',
];

/**
 * Folders of package managers and version managers: the commands of version managers on PATH are stand-ins that lead
 * nowhere by themselves, and the packages are in these folders.
 */
const MODULES = [
  '~/.npm-global/lib/node_modules',
  '~/.bun/install/global/node_modules',
  '~/.config/yarn/global/node_modules',
  '~/.local/share/pnpm/global/*/node_modules',
  '~/Library/pnpm/global/*/node_modules',
  '~/.volta/tools/image/packages/*/lib/node_modules',
  '~/.volta/tools/image/packages/*/*/lib/node_modules',
  '~/.local/share/mise/installs/*/*/lib/node_modules',
  '~/.asdf/installs/nodejs/*/lib/node_modules',
  '~/.local/share/fnm/aliases/default/lib/node_modules',
  '~/.nvm/versions/node/*/lib/node_modules',
  '/opt/homebrew/lib/node_modules',
  '/usr/local/lib/node_modules',
  '/usr/lib/node_modules',
];

const ON_WINDOWS = {
  programs: ['~/.local/bin', '~/.bun/bin', '~/scoop/shims', '~/AppData/Local/Microsoft/WinGet/Links'],
  modules: [
    '~/AppData/Roaming/npm/node_modules',
    '~/.bun/install/global/node_modules',
    '~/AppData/Local/pnpm/global/*/node_modules',
    '~/AppData/Local/Volta/tools/image/packages/*/node_modules',
  ],
};

/** The places of this machine, best first. `own`: folders of programs where an agent's own installer puts it. */
export async function knownPlaces(own: readonly string[], around: PlacesIn): Promise<Place[]> {
  const windows = around.platform === 'win32';
  const prefix = around.environment.NPM_CONFIG_PREFIX ?? around.environment.npm_config_prefix;
  const ofPrefix = prefix === undefined ? [] : [prefix];
  const programs = [...own, ...ofPrefix.map((at) => join(at, 'bin')), ...(windows ? ON_WINDOWS.programs : PROGRAMS)];
  const modules = [
    ...ofPrefix.map((at) => join(at, 'lib', 'node_modules')),
    ...(windows ? ON_WINDOWS.modules : MODULES),
  ];
  const all = async (kind: Place['kind'], patterns: readonly string[]) =>
    (await Promise.all(patterns.map((pattern) => expand(pattern, around.home))))
      .flat()
      .map((folder) => ({ kind, folder }));
  return [...(await all('programs', programs)), ...(await all('modules', modules))];
}

async function expand(pattern: string, home: string): Promise<string[]> {
  const [first = '', ...rest] = pattern.replace(/^~(?=\/)/, home).split('/*');
  let folders = [first];
  for (const below of rest) {
    const inner = await Promise.all(folders.map(async (folder) => (await foldersIn(folder)).map((at) => at + below)));
    folders = inner.flat();
  }
  return folders;
}

/** The newest version first. A folder that is not there, or may not be read, has none. */
async function foldersIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.sort((a, b) => compareVersions(b, a)).map((name) => join(folder, name));
}

/** Programs that stand in for others by the name under which they are started; started as themselves they are none. */
const STAND_INS = ['volta-shim', 'mise', 'rtx', 'asdf', 'proto-shim', 'notion-shim'];

export function isStandIn(name: string): boolean {
  return STAND_INS.includes(name.replace(/\.exe$/, ''));
}
