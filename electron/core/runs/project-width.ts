import path from 'node:path';

export interface OwnPlaces {
  readonly homeDir: string;
  readonly dataDir: string;
  /** Perch's own working directory for turns without a project. May lie inside the data directory. */
  readonly scratchDir: string;
}

/**
 * Whether a working directory would give a sandboxed agent more than a project: the whole machine, the user's home,
 * or Perch's own data. All paths are absolute and real.
 */
export function isTooWide(
  projectDir: string,
  { homeDir, dataDir, scratchDir }: OwnPlaces,
  { parse, relative, isAbsolute, sep } = path,
): boolean {
  const contains = (outer: string, inner: string) => {
    const way = relative(outer, inner);
    return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  };
  if (projectDir === parse(projectDir).root) return true;
  if (contains(projectDir, homeDir) || contains(projectDir, dataDir)) return true;
  return contains(dataDir, projectDir) && !contains(scratchDir, projectDir);
}
