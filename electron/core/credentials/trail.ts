import type { Params } from '../../../shared/contract/methods.ts';
import type { CredentialView, Scope } from '../../../shared/model/credential.ts';
import type { CredentialEvent } from '../../../shared/model/credential-event.ts';
import type { Clock } from '../../node/clock.ts';
import type { Database } from '../storage/database/database.ts';

/** Milliseconds that an event is kept, and how many are kept at most. */
export const TRAIL_AGE_MS = 365 * 24 * 60 * 60_000;
export const TRAIL_LENGTH = 10_000;

/** The part of a credential that an event records. The type has no field for a value. */
export type Traced = Pick<
  CredentialView,
  'credentialId' | 'providerId' | 'variable' | 'scope' | 'account' | 'storage' | 'masked'
>;

/** Where credentials were used: they, and the turn for which an agent held them. */
interface CredentialUse {
  readonly credentials: readonly Traced[];
  readonly agentId: string;
  readonly sessionId: string;
  readonly turnId: string;
}

export interface CredentialTrail {
  /** Part of the transaction in which it is called. */
  note(kind: 'stored' | 'replaced' | 'refreshed' | 'deleted' | 'rejected', credential: Traced): void;
  used(use: CredentialUse): void;
  rejected(use: CredentialUse): void;
  /** Newest first. */
  list(query: Params<'credentials.trail'>): CredentialEvent[];
}

interface Row {
  event_id: number;
  at: number;
  kind: CredentialEvent['kind'];
  credential_id: string;
  provider_id: string;
  variable: string;
  scope: string;
  account: string;
  storage: CredentialView['storage'];
  masked: string;
  agent_id: string | null;
  session_id: string | null;
  turn_id: string | null;
}

/** The table `credential_event`: the events of credentials, for a year and never more than the newest 10,000. */
export function createCredentialTrail({
  database: { sql },
  clock,
}: {
  database: Pick<Database, 'sql'>;
  clock: Pick<Clock, 'now'>;
}): CredentialTrail {
  const insert = sql.prepare<[Omit<Row, 'event_id'>]>(
    `INSERT INTO credential_event
       (at, kind, credential_id, provider_id, variable, scope, account, storage, masked, agent_id, session_id, turn_id)
     VALUES
       (@at, @kind, @credential_id, @provider_id, @variable, @scope, @account, @storage, @masked, @agent_id, @session_id, @turn_id)`,
  );
  // Ids have no gaps: a transaction that is rolled back gives its ids back.
  const prune = sql.prepare<[number, number]>(
    'DELETE FROM credential_event WHERE at < ? OR event_id <= (SELECT MAX(event_id) FROM credential_event) - ?',
  );
  const select = sql.prepare<[{ since: number; before: number | null; providerId: string | null; limit: number }], Row>(
    `SELECT * FROM credential_event
     WHERE at >= @since AND (@before IS NULL OR event_id < @before)
       AND (@providerId IS NULL OR provider_id = @providerId)
     ORDER BY event_id DESC LIMIT @limit`,
  );
  const oldest = () => clock.now() - TRAIL_AGE_MS;

  const add = sql.transaction((events: readonly Omit<Row, 'event_id'>[]) => {
    for (const event of events) insert.run(event);
    prune.run(oldest(), TRAIL_LENGTH);
  });
  const addUse = (kind: 'used' | 'rejected', { credentials, agentId, sessionId, turnId }: CredentialUse) => {
    if (credentials.length === 0) return;
    const at = clock.now();
    const use = { agent_id: agentId, session_id: sessionId, turn_id: turnId };
    add(credentials.map((credential) => ({ at, kind, ...toRow(credential), ...use })));
  };

  return {
    note(kind, credential) {
      const nobody = { agent_id: null, session_id: null, turn_id: null };
      add([{ at: clock.now(), kind, ...toRow(credential), ...nobody }]);
    },
    used: (use) => addUse('used', use),
    rejected: (use) => addUse('rejected', use),
    list({ limit, before = null, providerId = null }) {
      return select.all({ since: oldest(), before, providerId, limit }).map(fromRow);
    },
  };
}

function toRow({ credentialId, providerId, variable, scope, account = '', storage, masked }: Traced) {
  return {
    credential_id: credentialId,
    provider_id: providerId,
    variable,
    scope: JSON.stringify(scope),
    account,
    storage,
    masked,
  };
}

function fromRow(row: Row): CredentialEvent {
  const { kind, agent_id: agentId, session_id: sessionId, turn_id: turnId } = row;
  const traced = {
    eventId: row.event_id,
    at: row.at,
    credentialId: row.credential_id,
    providerId: row.provider_id,
    variable: row.variable,
    scope: JSON.parse(row.scope) as Scope,
    ...(row.account === '' ? {} : { account: row.account }),
    storage: row.storage,
    masked: row.masked,
  };
  if (kind !== 'used' && kind !== 'rejected') return { kind, ...traced };
  if (kind === 'rejected' && turnId === null) return { kind, ...traced };
  return { kind, ...traced, agentId: agentId ?? '', sessionId: sessionId ?? '', turnId: turnId ?? '' };
}
