import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Folders that are watched; a project has a handful of protected names in a few of them. */
const MAX_FOLDERS = 200;

export interface PathWatch {
  /** Paths that were written to after they were made, moved or replaced, since they were asked for last. */
  taken(): ReadonlySet<string>;
  close(): void;
}

/** Tells when one of the paths is made, moved, replaced or removed. Writes after that are noted, and not told. */
export function watchPaths(paths: readonly string[], onChange: () => void): PathWatch {
  const wanted = new Set(paths);
  let moved = new Set<string>();
  let written = new Set<string>();
  const watchers: FSWatcher[] = [];
  for (const folder of new Set(paths.map(dirname))) {
    if (watchers.length >= MAX_FOLDERS) break;
    try {
      const watcher = watch(folder, { persistent: false }, (kind, name) => {
        const path = name === null ? undefined : join(folder, basename(name));
        if (path !== undefined && !wanted.has(path)) return;
        if (kind === 'change') {
          if (path !== undefined && moved.has(path)) written.add(path);
          return;
        }
        if (path !== undefined) moved.add(path);
        onChange();
      });
      // The folder is gone, or the system has no more watches: the look at the end of the turn stays.
      watcher.on('error', () => watcher.close());
      watchers.push(watcher);
    } catch {
      // As above.
    }
  }
  return {
    taken() {
      const all = written;
      written = new Set();
      moved = new Set();
      return all;
    },
    close() {
      for (const watcher of watchers) watcher.close();
    },
  };
}
