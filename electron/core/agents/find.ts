import { basename, delimiter, isAbsolute, join, sep } from 'node:path';
import { messageOf } from '../../node/error-code.ts';
import { isFile, resolved } from '../../node/look.ts';
import { findCommand } from './find-command.ts';
import { isNativeBinary } from './native-binary.ts';
import { type InstalledPackage, type Machine, modulesDirAround, nativeFile, packageIn, packageOf } from './packages.ts';
import { isStandIn, type Place } from './places.ts';
import type { Look, Program, ProgramSource } from './program.ts';
import type { AdapterSpec, NpmPackage, ProgramSpec } from './schema.ts';

export interface SearchPlaces {
  /** Folders in which a terminal finds programs. Relative entries are passed over. */
  readonly path: string | undefined;
  /** Why `path` may lack some: then nothing is surely missing. */
  readonly unsure: string | undefined;
  /** The node_modules folder of what Perch installed for this agent. */
  readonly installed: string | undefined;
  readonly places: readonly Place[];
  /** Perch's own programs folder. */
  readonly programsDir: string;
  readonly moduleDirs: readonly string[];
  readonly machine: Machine;
  askVersion(file: string, args: readonly string[]): Promise<string | undefined>;
}

/** The conditions that a command or a package has to meet. */
interface Wanted {
  readonly commands: readonly string[];
  readonly package: NpmPackage | undefined;
  readonly kind: 'native' | 'node';
  readonly versionArgs: readonly string[];
}

/** Something that may be it: a file by the command's name (a resolved path), or a folder of packages. */
type Spot =
  | { readonly kind: 'file'; readonly file: string; readonly folder: string; readonly source: ProgramSource }
  | { readonly kind: 'modules'; readonly folder: string; readonly source: ProgramSource };

/**
 * Looks for an agent's program: what Perch installed, PATH, where installers put programs, then what comes with Perch.
 */
export function findProgram(spec: ProgramSpec, around: SearchPlaces): Promise<Look> {
  if (spec.kind === 'built-in') return guarded(async () => toLook(await builtIn(spec.file, around)));
  if (spec.kind === 'command') {
    return guarded(() => findCommand(spec.file, around));
  }
  return guarded(() => findWanted(wantedOf(spec), around));
}

/**
 * Looks in a working directory's own node_modules. An agent may have put links there: what they lead to outside would be
 * shown to the next session.
 */
export function findInProject(spec: ProgramSpec, projectDir: string, around: SearchPlaces): Promise<Look> {
  if (spec.kind === 'built-in' || spec.kind === 'command') return Promise.resolve({ state: 'missing' });
  const wanted = wantedOf(spec);
  return guarded(async () => {
    const folder = join(projectDir, 'node_modules');
    const commands = await filesIn([join(folder, '.bin')], { wanted, source: 'project', around });
    const look = await best([{ kind: 'modules', folder, source: 'project' }, ...commands], wanted, around);
    const own = `${await resolved(projectDir)}${sep}`;
    const outside = look.state === 'found' ? look.program.parts.find((part) => !part.startsWith(own)) : undefined;
    if (outside === undefined) return look;
    return { state: 'could-not-check', reason: `${outside} is not in ${projectDir}` };
  });
}

/**
 * Looks for an adapter: Perch's own folder, then as for a program, then beside the agent it is for.
 */
export function findAdapter(spec: AdapterSpec, agent: Program | undefined, around: SearchPlaces): Promise<Look> {
  const wanted: Wanted = { commands: spec.commands, package: spec.package, kind: 'node', versionArgs: [] };
  return guarded(async () => {
    const own = spec.file === undefined ? undefined : await builtIn(spec.file, around);
    if (own !== undefined) return toLook(own);
    const look = await findWanted(wanted, around);
    const beside = look.state === 'found' || agent === undefined ? undefined : modulesDirAround(agent.file);
    if (beside === undefined || agent === undefined) return look;
    const there = await best([{ kind: 'modules', folder: beside, source: agent.source }], wanted, around);
    return there.state === 'found' ? there : look;
  });
}

async function findWanted(wanted: Wanted, around: SearchPlaces): Promise<Look> {
  const { installed, places, moduleDirs } = around;
  const modules = (folders: readonly string[], source: ProgramSource): Spot[] =>
    folders.map((folder) => ({ kind: 'modules', folder, source }));
  const placed = (kind: Place['kind']) => places.filter((place) => place.kind === kind).map(({ folder }) => folder);
  const look = await best(
    [
      ...modules(installed === undefined ? [] : [installed], 'installed'),
      ...(await filesIn((around.path ?? '').split(delimiter), { wanted, source: 'path', around })),
      ...(await filesIn(placed('programs'), { wanted, source: 'place', around })),
      ...modules(placed('modules'), 'place'),
      ...modules(moduleDirs, 'perch'),
    ],
    wanted,
    around,
  );
  const unsure = look.state === 'missing' ? around.unsure : undefined;
  return unsure === undefined ? look : { state: 'could-not-check', reason: unsure };
}

/** The first that is it, with the others; where none is, the first doubt. */
async function best(spots: readonly Spot[], wanted: Wanted, around: SearchPlaces): Promise<Look> {
  const results = await Promise.all(spots.map((spot) => lookAt(spot, wanted, around)));
  const found = results.flatMap((look) => (look.state === 'found' ? [look.program] : []));
  const [program, ...others] = found.filter((one, at) => found.findIndex(({ file }) => file === one.file) === at);
  if (program !== undefined) return { state: 'found', program, others };
  return results.find((look) => look.state === 'could-not-check') ?? { state: 'missing' };
}

/** The files with the command's name, each once. */
async function filesIn(
  folders: readonly string[],
  { wanted, source, around }: { wanted: Wanted; source: ProgramSource; around: SearchPlaces },
): Promise<Spot[]> {
  const windows = around.machine.platform.startsWith('win32');
  const spots = new Map<string, Spot>();
  for (const folder of folders.filter(isAbsolute)) {
    for (const command of wanted.commands) {
      const file = await resolved(join(folder, windows ? `${command}.exe` : command));
      if (file === undefined || spots.has(file) || !(await isFile(file))) continue;
      spots.set(file, { kind: 'file', file, folder, source });
    }
    // npm on Windows puts script wrappers on PATH, and the packages beside them.
    const modules = join(folder, 'node_modules');
    if (windows) spots.set(modules, { kind: 'modules', folder: modules, source });
  }
  return [...spots.values()];
}

async function lookAt(spot: Spot, wanted: Wanted, around: SearchPlaces): Promise<Look> {
  if (spot.kind === 'modules') return toLook(await inModulesDir(spot.folder, wanted, spot.source, around));
  return atFile(spot, wanted, around);
}

/** The file behind a command: the package behind a wrapper, or the program itself. */
async function atFile(
  { file, folder, source }: Extract<Spot, { kind: 'file' }>,
  wanted: Wanted,
  around: SearchPlaces,
): Promise<Look> {
  const installed = wanted.package === undefined ? undefined : await packageOf(file, wanted.package.name);
  if (installed !== undefined && wanted.package !== undefined) {
    const program = await ofPackage(installed, wanted.package, { wanted, source, around });
    if (program !== undefined) return toLook(program);
  }
  if (isStandIn(basename(file))) {
    return { state: 'could-not-check', reason: `${file} stands in for the program, which was not found` };
  }
  if (wanted.kind === 'native' && (await isNativeBinary(file))) {
    const trusted = !isInModules(folder) && !isInModules(file);
    const version = installed?.version ?? (trusted ? await around.askVersion(file, wanted.versionArgs) : undefined);
    return toLook({ file, runBy: 'system', parts: [file], version, source });
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
  source: ProgramSource,
  around: SearchPlaces,
): Promise<Program | undefined> {
  if (wanted.package === undefined) return undefined;
  const installed = await packageIn(modulesDir, wanted.package.name);
  return installed && ofPackage(installed, wanted.package, { wanted, source, around });
}

async function ofPackage(
  installed: InstalledPackage,
  spec: NpmPackage,
  { wanted, source, around }: { wanted: Wanted; source: ProgramSource; around: SearchPlaces },
): Promise<Program | undefined> {
  const { version, folder } = installed;
  if (wanted.kind === 'native') {
    const native = await nativeFile(installed, spec, around.machine);
    return native && { file: native.file, runBy: 'system', parts: [native.folder], version, source };
  }
  const entry = spec.entry ?? installed.bin;
  const file = entry === undefined ? undefined : await resolved(join(folder, entry));
  if (file === undefined) return undefined;
  const parts = [(spec.hasDependencies ? modulesDirAround(folder) : undefined) ?? folder];
  return { file, runBy: 'node', parts, version, source };
}

async function builtIn(name: string, { programsDir }: SearchPlaces): Promise<Program | undefined> {
  const file = await resolved(join(programsDir, name));
  if (file === undefined) return undefined;
  return { file, runBy: 'node', parts: [file], version: undefined, source: 'built-in' };
}

function toLook(program: Program | undefined): Look {
  return program === undefined ? { state: 'missing' } : { state: 'found', program, others: [] };
}

function wantedOf(spec: Extract<ProgramSpec, { kind: 'native' | 'node' }>): Wanted {
  return {
    commands: spec.commands,
    package: spec.package,
    kind: spec.kind,
    versionArgs: spec.kind === 'native' ? spec.versionArgs : [],
  };
}

/** An unexpected error of the file system means *could not check*, never *missing*. */
async function guarded(look: () => Promise<Look>): Promise<Look> {
  try {
    return await look();
  } catch (error) {
    return { state: 'could-not-check', reason: messageOf(error) };
  }
}
