import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstallSpec } from '../schema.ts';

const LEFT_OUT = 'left-out';

/**
 * Writes the manifest that npm installs, in a folder of its own. `version` is that of the agent's own package; without
 * it, the tested version.
 */
export function writeManifest(folder: string, spec: InstallSpec, version?: string): void {
  const dependencies = spec.packages.map((one, at) => [one.name, at === 0 ? (version ?? one.version) : one.version]);
  const overrides = spec.leaveOut.map((name) => [name, `file:./${LEFT_OUT}`]);
  const manifest = {
    private: true,
    dependencies: Object.fromEntries(dependencies),
    ...(overrides.length === 0 ? {} : { overrides: Object.fromEntries(overrides) }),
    // npm 12 runs install scripts only for packages that are named here.
    ...(spec.scripts ? { allowScripts: Object.fromEntries(spec.packages.map(({ name }) => [name, true])) } : {}),
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  if (overrides.length === 0) return;
  mkdirSync(join(folder, LEFT_OUT));
  writeFileSync(join(folder, LEFT_OUT, 'package.json'), JSON.stringify({ name: LEFT_OUT, version: '0.0.0' }));
}

/** The version of the agent's own package, as it was installed. */
export async function stagedVersion(folder: string, { packages: [own] }: InstallSpec): Promise<string> {
  const file = join(folder, 'node_modules', ...(own?.name ?? '').split('/'), 'package.json');
  return String(JSON.parse(await readFile(file, 'utf8')).version);
}

/**
 * These arguments fix what would change the installation if the user's configuration decided it; the user decides where
 * packages come from.
 */
export function installArgs(folder: string, globalConfig: string | undefined): string[] {
  return [
    'install',
    '--prefix',
    folder,
    ...(globalConfig === undefined ? [] : ['--globalconfig', globalConfig]),
    '--cache',
    cacheOf(folder),
    '--global=false',
    '--ignore-scripts',
    '--omit=dev',
    '--include=optional',
    '--include=prod',
    '--install-strategy=hoisted',
    '--dry-run=false',
    '--audit=false',
    '--fund=false',
    '--update-notifier=false',
    '--logs-max=0',
    '--json',
    '--loglevel=http',
    // A person waits for the answer, and can try again.
    '--fetch-retries=1',
    '--fetch-retry-mintimeout=1000',
    '--fetch-retry-maxtimeout=2000',
  ];
}

/** Runs the install scripts of what is there. They see neither the user's registry nor what gets into it. */
export function scriptArgs(folder: string): string[] {
  return [
    'rebuild',
    '--prefix',
    folder,
    '--ignore-scripts=false',
    '--json',
    '--loglevel=error',
    '--cache',
    cacheOf(folder),
  ];
}

/** A cache for this installation alone: its files can be counted, and a cancelled installation leaves nothing. */
export function cacheOf(folder: string): string {
  return join(folder, 'cache');
}

/** A tarball that has arrived whole, as npm tells it. */
export function isFetched(line: string): boolean {
  return /\bfetch GET 200 \S+\.tgz\b/.test(line);
}
