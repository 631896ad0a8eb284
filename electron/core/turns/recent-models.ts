import type { Result } from '../../../shared/contract/methods.ts';
import type { Database } from '../storage/database/database.ts';

/** More would need a search to look through. */
const MOST = 8;

/** The models that an agent's turns ran with, the last used first. The agent's own default is none. */
export function createRecentModels({ sql }: Pick<Database, 'sql'>) {
  const select = sql.prepare<[string], { model: string; provider_id: string | null }>(
    `SELECT model, provider_id FROM turn WHERE agent_id = ? AND model <> ''
     GROUP BY model, provider_id ORDER BY MAX(accepted_at) DESC, MAX(rowid) DESC LIMIT ${MOST}`,
  );
  return (agentId: string): Result<'agents.recentModels'>['models'] =>
    select
      .all(agentId)
      .map(({ model, provider_id }) => ({ model, ...(provider_id === null ? {} : { providerId: provider_id }) }));
}
