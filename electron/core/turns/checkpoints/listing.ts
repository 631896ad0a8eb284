/** The files that git reports as different from its index, by name. */
interface Differing {
  /** New or with other contents, or of another kind. */
  readonly present: readonly string[];
  readonly gone: readonly string[];
}

/** Reads `ls-files -z -t --others --modified --deleted`. A folder that git would not look into is none of the files. */
export function readDiffering(output: string): Differing {
  const present = new Set<string>();
  const gone = new Set<string>();
  for (const entry of output.split('\0')) {
    const [tag, path] = [entry.charAt(0), entry.slice(2)];
    // A repository inside of this one: it has a history of its own.
    if (path === '' || path.endsWith('/')) continue;
    if (tag === 'R') gone.add(path);
    else present.add(path);
  }
  for (const path of gone) present.delete(path);
  return { present: [...present], gone: [...gone] };
}

export interface TreeChange {
  readonly path: string;
  readonly change: 'added' | 'modified' | 'deleted';
}

/** Reads `diff-tree -r -z --raw`. Two entries each: the facts, and the path. */
export function readChanges(output: string): TreeChange[] {
  const parts = output.split('\0');
  const changes: TreeChange[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const status = /^:\d+ \d+ \w+ \w+ ([A-Z])/.exec(parts[at] ?? '')?.[1];
    const path = parts[at + 1] ?? '';
    if (status === undefined || path === '') continue;
    changes.push({ path, change: status === 'A' ? 'added' : status === 'D' ? 'deleted' : 'modified' });
  }
  return changes;
}
