import { readFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { runnerEnvironment } from '../../../node/inherited-environment.ts';
import { isFile, resolved } from '../../../node/look.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** How a closed network is reached, as Node and npm read it. Any case. */
const NETWORK = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
];
/** The settings of npm that decide from where and how it fetches, as variables: `npm_config_…`. */
const SETTINGS = [
  'registry',
  'proxy',
  'https_proxy',
  'noproxy',
  'cafile',
  'ca',
  'strict_ssl',
  'userconfig',
  'globalconfig',
  'min_release_age',
];

/** True when a variable of the user's decides how packages are fetched. */
export function isNpmVariable(name: string): boolean {
  const upper = name.toUpperCase();
  if (NETWORK.includes(upper)) return true;
  return SETTINGS.some((setting) => upper === `NPM_CONFIG_${setting.toUpperCase()}`) || /^npm_config_\/\//i.test(name);
}

export interface NpmHost {
  /** The environment that the user's terminal has. */
  readonly environment: Environment;
  readonly home: string;
  readonly platform: NodeJS.Platform;
}

/**
 * The user's own npm, as far as it concerns where packages come from: its configuration files, and of the environment
 * only what these refer to and what a closed network needs.
 */
export async function npmEnvironment(
  around: NpmHost,
): Promise<{ environment: Record<string, string>; globalConfig: string | undefined }> {
  const { environment, home, platform } = around;
  const named = (name: string) =>
    Object.entries(environment).find(([key, value]) => key.toLowerCase() === name && value !== undefined)?.[1];
  const userConfig = named('npm_config_userconfig') ?? join(home, '.npmrc');
  const globalConfig = named('npm_config_globalconfig') ?? (await globalConfigOf(environment));
  const files = [userConfig, ...(globalConfig === undefined ? [] : [globalConfig])];
  const referred = new Set((await Promise.all(files.map(variablesIn))).flat());
  const chosen = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && (isNpmVariable(entry[0]) || referred.has(entry[0])),
  );
  return {
    environment: { ...runnerEnvironment(environment, platform), HOME: home, ...Object.fromEntries(chosen) },
    globalConfig,
  };
}

/** The names in a configuration's `${NAME}`: the usual way to keep a token out of the file. */
async function variablesIn(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return [...text.matchAll(/\$\{([^}?]+)\??\}/g)].map(([, name = '']) => name);
}

/** Perch's npm would look beside Perch's own Node: the machine's configuration is beside the user's. */
async function globalConfigOf({ PATH }: Environment): Promise<string | undefined> {
  for (const folder of (PATH ?? '').split(delimiter).filter(Boolean)) {
    const node = await resolved(join(folder, process.platform === 'win32' ? 'node.exe' : 'node'));
    if (node === undefined) continue;
    const file = join(dirname(dirname(node)), 'etc', 'npmrc');
    if (await isFile(file)) return file;
  }
  return undefined;
}
