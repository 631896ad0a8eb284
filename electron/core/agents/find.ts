import { delimiter, isAbsolute, join, sep } from 'node:path';
import { isNativeBinary } from './native-binary.ts';
import {
  type InstalledPackage,
  isFile,
  type Machine,
  modulesDirAround,
  nativeFile,
  packageIn,
  packageOf,
  resolved,
} from './packages.ts';
import type { Look, Program } from './program.ts';
import type { AdapterSpec, NpmPackage, ProgramSpec } from './schema.ts';

export interface Surroundings {
  /** The host's PATH. Relative entries are passed over. */
  readonly path: string | undefined;
  /** Perch's own programs folder. */
  readonly programsDir: string;
  readonly moduleDirs: readonly string[];
  readonly machine: Machine;
  askVersion(file: string, args: readonly string[]): Promise<string | undefined>;
}

type Source = Program['source'];
/** What a command or package has to have to count. */
interface Wanted {
  readonly commands: readonly string[];
  readonly package: NpmPackage | undefined;
  readonly kind: 'native' | 'node';
  readonly versionArgs: readonly string[];
}

/** Looks for an agent's program: Perch's own folder, PATH, then Perch's own node_modules folders. */
export function findProgram(spec: ProgramSpec, around: Surroundings): Promise<Look> {
  if (spec.kind === 'built-in') return guarded(async () => toLook(await builtIn(spec.file, around)));
  return guarded(() => findWanted(wantedOf(spec), around));
}

/** Looks in a working directory's own node_modules. */
export function findInProject(spec: ProgramSpec, projectDir: string, around: Surroundings): Promise<Look> {
  if (spec.kind === 'built-in') return Promise.resolve({ state: 'missing' });
  const wanted = wantedOf(spec);
  return guarded(async () => {
    const modulesDir = join(projectDir, 'node_modules');
    const packaged = await inModulesDir(modulesDir, wanted, 'project', around);
    return packaged ?? (await onPath([join(modulesDir, '.bin')], wanted, 'project', around)) ?? { state: 'missing' };
  });
}

/**
 * Looks for an adapter: Perch's own folder, its node_modules folders, PATH, then beside the agent it is for.
 */
export function findAdapter(spec: AdapterSpec, agent: Program | undefined, around: Surroundings): Promise<Look> {
  const wanted: Wanted = { commands: spec.commands, package: spec.package, kind: 'node', versionArgs: [] };
  return guarded(async () => {
    const own = spec.file === undefined ? undefined : await builtIn(spec.file, around);
    if (own !== undefined) return { state: 'found', program: own };
    const look = await findWanted(wanted, around);
    if (look.state !== 'missing' || agent === undefined) return look;
    const beside = modulesDirAround(agent.file);
    return (beside && (await inModulesDir(beside, wanted, agent.source, around))) || look;
  });
}

async function findWanted(wanted: Wanted, around: Surroundings): Promise<Look> {
  const found = await onPath((around.path ?? '').split(delimiter), wanted, 'path', around);
  if (found !== undefined) return found;
  for (const modulesDir of around.moduleDirs) {
    const packaged = await inModulesDir(modulesDir, wanted, 'perch', around);
    if (packaged !== undefined) return packaged;
  }
  return { state: 'missing' };
}

async function onPath(
  dirs: readonly string[],
  wanted: Wanted,
  source: Source,
  around: Surroundings,
): Promise<Look | undefined> {
  const windows = around.machine.platform.startsWith('win32');
  for (const dir of dirs.filter(isAbsolute)) {
    for (const command of wanted.commands) {
      const file = await resolved(join(dir, windows ? `${command}.exe` : command));
      if (file === undefined || !(await isFile(file))) continue;
      return atFile(file, { wanted, source, around, trusted: !isInModules(dir) && !isInModules(file) });
    }
    // npm on Windows puts script wrappers on PATH, and the packages beside them.
    const packaged = windows ? await inModulesDir(join(dir, 'node_modules'), wanted, source, around) : undefined;
    if (packaged !== undefined) return packaged;
  }
  return undefined;
}

/** What a command on PATH stands for: the package behind a wrapper, or the program itself. */
async function atFile(
  file: string,
  {
    wanted,
    source,
    around,
    trusted,
  }: {
    wanted: Wanted;
    source: Source;
    around: Surroundings /** May be started outside of a sandbox. */;
    trusted: boolean;
  },
): Promise<Look> {
  const installed = wanted.package === undefined ? undefined : await packageOf(file, wanted.package.name);
  if (installed !== undefined && wanted.package !== undefined) {
    const program = await ofPackage(installed, wanted.package, { wanted, source, around });
    if (program !== undefined) return { state: 'found', program };
  }
  if (wanted.kind === 'native' && (await isNativeBinary(file))) {
    const version = installed?.version ?? (trusted ? await around.askVersion(file, wanted.versionArgs) : undefined);
    return { state: 'found', program: { file, runBy: 'system', parts: [file], version, source } };
  }
  return { state: 'could-not-check', reason: `${file} is a script, and the program behind it was not found` };
}

/**
 * npm puts a working directory's packages on PATH as well. An agent may have written what lies there: it runs in the
 * sandbox or not at all, be it only for its version.
 */
function isInModules(path: string): boolean {
  return path.split(sep).includes('node_modules');
}

async function inModulesDir(
  modulesDir: string,
  wanted: Wanted,
  source: Source,
  around: Surroundings,
): Promise<Look | undefined> {
  if (wanted.package === undefined) return undefined;
  const installed = await packageIn(modulesDir, wanted.package.name);
  if (installed === undefined) return undefined;
  const program = await ofPackage(installed, wanted.package, { wanted, source, around });
  return program === undefined ? undefined : { state: 'found', program };
}

async function ofPackage(
  installed: InstalledPackage,
  spec: NpmPackage,
  { wanted, source, around }: { wanted: Wanted; source: Source; around: Surroundings },
): Promise<Program | undefined> {
  const { version, folder } = installed;
  if (wanted.kind === 'native') {
    const native = await nativeFile(installed, spec, around.machine);
    return native && { file: native.file, runBy: 'system', parts: [native.folder], version, source };
  }
  const file = spec.entry === undefined ? undefined : await resolved(join(folder, spec.entry));
  if (file === undefined) return undefined;
  const parts = [(spec.hasDependencies ? modulesDirAround(folder) : undefined) ?? folder];
  return { file, runBy: 'node', parts, version, source };
}

async function builtIn(name: string, { programsDir }: Surroundings): Promise<Program | undefined> {
  const file = await resolved(join(programsDir, name));
  if (file === undefined) return undefined;
  return { file, runBy: 'node', parts: [file], version: undefined, source: 'built-in' };
}

function toLook(program: Program | undefined): Look {
  return program === undefined ? { state: 'missing' } : { state: 'found', program };
}

function wantedOf(spec: Exclude<ProgramSpec, { kind: 'built-in' }>): Wanted {
  return {
    commands: spec.commands,
    package: spec.package,
    kind: spec.kind,
    versionArgs: spec.kind === 'native' ? spec.versionArgs : [],
  };
}

/** An unexpected error of the file system is not "missing": nobody knows. */
async function guarded(look: () => Promise<Look>): Promise<Look> {
  try {
    return await look();
  } catch (error) {
    return { state: 'could-not-check', reason: error instanceof Error ? error.message : String(error) };
  }
}
