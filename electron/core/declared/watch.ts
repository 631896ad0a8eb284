import { type FSWatcher, watch } from 'node:fs';
import { DECLARATION_FILE } from '../../../shared/model/declaration.ts';
import type { Clock } from '../ports.ts';

/** Milliseconds that a file is left alone after it changed: editors write in several steps. */
export const SETTLE_MS = 100;

export interface FolderWatch {
  /** Exactly these folders from now on. */
  follow(directories: readonly string[]): void;
  stop(): void;
}

/**
 * Tells when the file in a folder may have changed. The folder is watched and not the file, which editors replace.
 * What cannot be watched is told to `onFailure`, once each time, and read when it is asked for all the same.
 */
export function createFolderWatch(options: {
  clock: Pick<Clock, 'after'>;
  onChange: (directory: string) => void;
  onFailure: (directory: string, error: unknown) => void;
}): FolderWatch {
  const { clock, onChange, onFailure } = options;
  const watched = new Map<string, { readonly watcher: FSWatcher | undefined; cancel: () => void }>();

  function start(directory: string): void {
    const entry = { watcher: open(directory), cancel: () => {} };
    watched.set(directory, entry);
  }

  function open(directory: string): FSWatcher | undefined {
    try {
      const watcher = watch(directory, { persistent: false }, (_event, name) => {
        if (name === null || name === DECLARATION_FILE) settle(directory);
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
    entry.cancel = clock.after(SETTLE_MS, () => onChange(directory));
  }

  function end(directory: string): void {
    const entry = watched.get(directory);
    entry?.cancel();
    entry?.watcher?.close();
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
