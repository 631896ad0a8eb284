import type { InstallJob } from '../../../../shared/model/programs.ts';
import type { Clock } from '../../../node/clock.ts';
import { folderBytes } from '../../../node/folder-bytes.ts';
import { isFetched } from './stage.ts';

/** Milliseconds between two looks at how much has arrived. */
const LOOK_MS = 500;

export type Counted = Omit<Extract<InstallJob['progress'], { state: 'running' }>, 'state'>;

/** Counts what arrives: packages as npm tells them, bytes as they lie in its cache. */
export function createCount(options: { cache: string; clock: Clock; tell: (counted: Counted) => void }) {
  const { cache, clock, tell } = options;
  let counted: Counted = { phase: 'fetching', packages: 0, bytes: 0 };
  let stopTimer = (): void => {};
  let stopped = false;

  function show(change: Partial<Counted>): void {
    counted = { ...counted, ...change };
    tell(counted);
  }
  async function look(): Promise<void> {
    // A file that npm moves just now is counted the next time.
    const bytes = await folderBytes(cache).catch(() => counted.bytes);
    if (stopped) return;
    if (bytes !== counted.bytes) show({ bytes });
    stopTimer = clock.after(LOOK_MS, () => void look());
  }
  void look();
  return {
    /** Counts what npm reports. */
    line: (line: string) => isFetched(line) && show({ packages: counted.packages + 1 }),
    placing() {
      stopped = true;
      stopTimer();
      show({ phase: 'placing' });
    },
    stop() {
      stopped = true;
      stopTimer();
    },
  };
}
