import type { Clock } from '../../../node/clock.ts';
import type { Database } from '../../storage/database/database.ts';

/** `act`: a program that is started or a secret that is fetched. `origin`: where a provider's credential may go. */
type ConsentKind = 'act' | 'origin';
type TrustDecision = 'trusted' | 'distrusted';

export interface TrustStore {
  /** Undefined when the user was not asked. */
  decision(directory: string): TrustDecision | undefined;
  /** Every consent of one kind that the user gave there. */
  consents(directory: string, kind: ConsentKind): ReadonlySet<string>;
  /** With the acts that the user was shown; those of before go, and confirmed origins stay. */
  trust(directory: string, acts: readonly string[]): void;
  /** Takes back every earlier consent. */
  distrust(directory: string): void;
  confirmOrigin(directory: string, origin: string): void;
  forget(directory: string): void;
}

/** The tables `folder_trust` and `folder_consent`. */
export function createTrustStore({
  database: { sql },
  clock,
}: {
  database: Pick<Database, 'sql'>;
  clock: Pick<Clock, 'now'>;
}): TrustStore {
  const read = sql.prepare<[string], { decision: TrustDecision }>(
    'SELECT decision FROM folder_trust WHERE directory = ?',
  );
  const readConsents = sql.prepare<[string, ConsentKind], { what: string }>(
    'SELECT what FROM folder_consent WHERE directory = ? AND kind = ?',
  );
  const decide = sql.prepare(
    `INSERT INTO folder_trust (directory, decision, decided_at) VALUES (?, ?, ?)
     ON CONFLICT (directory) DO UPDATE SET decision = excluded.decision, decided_at = excluded.decided_at`,
  );
  const consent = sql.prepare('INSERT OR IGNORE INTO folder_consent (directory, kind, what) VALUES (?, ?, ?)');
  const withdrawActs = sql.prepare(`DELETE FROM folder_consent WHERE directory = ? AND kind = 'act'`);
  const remove = sql.prepare('DELETE FROM folder_trust WHERE directory = ?');

  return {
    decision: (directory) => read.get(directory)?.decision,
    consents: (directory, kind) => new Set(readConsents.all(directory, kind).map(({ what }) => what)),
    trust: sql.transaction((directory: string, acts: readonly string[]) => {
      decide.run(directory, 'trusted', clock.now());
      withdrawActs.run(directory);
      for (const act of acts) consent.run(directory, 'act', act);
    }),
    distrust: sql.transaction((directory: string) => {
      remove.run(directory);
      decide.run(directory, 'distrusted', clock.now());
    }),
    confirmOrigin: (directory, origin) => void consent.run(directory, 'origin', origin),
    forget: (directory) => void remove.run(directory),
  };
}
