import { existsSync } from 'node:fs';
import { PerchError } from '../../../../../shared/errors/perch-error.ts';
import type { Recovery } from '../../../../../shared/model/recovery.ts';
import type { Opener } from '../../../ports.ts';
import type { Database } from '../database.ts';
import { createRecoveryStore } from './recovery-store.ts';

export interface Recoveries {
  /** The latest, until the user has seen it. */
  unseen(): Recovery | null;
  /** The latest whose damaged file is still there. */
  kept(): Recovery | undefined;
  dismiss(): void;
  /** False when the host cannot. @throws PerchError NOT_FOUND when there is no such file any more */
  reveal(): Promise<boolean>;
}

/** The reports to the user about damaged databases that were set aside. */
export function createRecoveries(options: {
  database: Pick<Database, 'sql'>;
  opener: Pick<Opener, 'revealFile'>;
  onChange: () => void;
}): Recoveries {
  const store = createRecoveryStore(options.database);
  const kept = () => {
    const recovery = store.newest();
    return recovery !== undefined && existsSync(recovery.movedTo) ? recovery : undefined;
  };
  return {
    unseen: () => store.unseen() ?? null,
    kept,
    dismiss() {
      store.markSeen();
      options.onChange();
    },
    async reveal() {
      const recovery = kept();
      if (recovery === undefined) throw new PerchError('NOT_FOUND');
      return options.opener.revealFile(recovery.movedTo);
    },
  };
}
