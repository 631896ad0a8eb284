import { type FSWatcher, realpathSync, watch } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DECLARATION_FILE } from '../../../../shared/model/declaration.ts';
import type { Clock } from '../../../node/clock.ts';

/** Milliseconds that a file is left alone after it changed: editors write in several steps. */
const SETTLE_MS = 100;

export interface FolderWatch {
  /** Exactly these folders from now on. */
  follow(directories: readonly string[]): void;
  stop(): void;
}

/**
 * Tells when the file in a folder may have changed. The folder is watched and not the file, which editors replace; of a
 * link, the folder of what it leads to as well.
 * What cannot be watched is told to `onFailure`, once each time, and read when it is asked for all the same.
 */
export function createFolderWatch(options: {
  clock: Pick<Clock, 'after'>;
  onChange: (directory: string) => void;
  onFailure: (directory: string, error: unknown) => void;
}): FolderWatch {
  const { clock, onChange, onFailure } = options;
  const watched = new Map<string, Watched>();

  function start(directory: string): void {
    const file = join(directory, DECLARATION_FILE);
    const target = targetOf(file);
    const files = target === undefined || target === file ? [file] : [file, target];
    const watchers = files.map((one) => open(directory, one)).filter((one) => one !== undefined);
    watched.set(directory, { watchers, target, cancel: () => {} });
  }

  function open(directory: string, file: string): FSWatcher | undefined {
    try {
      const watcher = watch(dirname(file), { persistent: false }, (_event, name) => {
        if (name === null || name === basename(file)) settle(directory);
      });
      watcher.on('error', (error) => {
        onFailure(directory, error);
        end(directory);
        onChange(directory);
      });
      return watcher;
    } catch (error) {
      onFailure(directory, error);
      return undefined;
    }
  }

  function settle(directory: string): void {
    const entry = watched.get(directory);
    if (entry === undefined) return;
    entry.cancel();
    entry.cancel = clock.after(SETTLE_MS, () => {
      if (entry.target !== targetOf(join(directory, DECLARATION_FILE))) {
        end(directory);
        start(directory);
      }
      onChange(directory);
    });
  }

  function end(directory: string): void {
    const entry = watched.get(directory);
    entry?.cancel();
    for (const watcher of entry?.watchers ?? []) watcher.close();
    watched.delete(directory);
  }

  return {
    follow(directories) {
      const wanted = new Set(directories);
      for (const directory of [...watched.keys()]) if (!wanted.has(directory)) end(directory);
      for (const directory of wanted) if (!watched.has(directory)) start(directory);
    },
    stop() {
      for (const directory of [...watched.keys()]) end(directory);
    },
  };
}

interface Watched {
  readonly watchers: readonly FSWatcher[];
  /** Where the file really is; undefined: it is not there. */
  readonly target: string | undefined;
  cancel: () => void;
}

function targetOf(file: string): string | undefined {
  try {
    return realpathSync.native(file);
  } catch {
    // Not there yet; or a link that leads nowhere, which is told of when the link itself changes.
    return undefined;
  }
}
