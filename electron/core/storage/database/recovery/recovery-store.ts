import { type Recovery, recoverySchema } from '../../../../../shared/model/recovery.ts';
import type { Database } from '../database.ts';

/** The table `recovery`: what happened to earlier databases of this installation. One that a later version wrote is none. */
export function createRecoveryStore({ sql }: Pick<Database, 'sql'>) {
  const insert = sql.prepare('INSERT OR REPLACE INTO recovery (moved_to, recovery) VALUES (?, ?)');
  const select = sql.prepare<[], { recovery: string; seen: number }>(
    'SELECT recovery, seen FROM recovery ORDER BY rowid DESC LIMIT 1',
  );
  const markSeen = sql.prepare('UPDATE recovery SET seen = 1');
  const newest = () => {
    const row = select.get();
    if (row === undefined) return undefined;
    const { data: recovery } = recoverySchema.safeParse(JSON.parse(row.recovery));
    return recovery === undefined ? undefined : { recovery, seen: row.seen === 1 };
  };
  return {
    put: (recovery: Recovery): void => void insert.run(recovery.movedTo, JSON.stringify(recovery)),
    newest: (): Recovery | undefined => newest()?.recovery,
    /** Undefined once it was seen. */
    unseen(): Recovery | undefined {
      const found = newest();
      return found?.seen === false ? found.recovery : undefined;
    },
    markSeen: (): void => void markSeen.run(),
  };
}
