import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Clock } from '../../node/clock.ts';

/** Milliseconds: agents were looked for, the keychain was asked, the database is tidied. */
const START_IS_OVER = 10_000;

/**
 * Gives back what a start left behind, 30 MB of 70: V8 collects when something is allocated, and a Perch that waits in
 * the tray allocates nothing. Node hands out its collector behind a flag alone.
 */
export function settleMemory(clock: Pick<Clock, 'after'>): void {
  clock.after(START_IS_OVER, () => {
    setFlagsFromString('--expose-gc');
    const collect: NodeJS.GCFunction = runInNewContext('gc');
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  });
}
