import type { Database } from '../storage/database/database.ts';

/** The four tables of settings, as texts. What the texts mean is `settings.ts`. */
export function createSettingsStore({ sql }: Database) {
  const readSettings = sql.prepare<[], { key: string; value: string }>('SELECT key, value FROM setting');
  const readAgents = sql.prepare<[], { agent_id: string; value: string }>('SELECT agent_id, value FROM agent_setting');
  const readOverrides = sql.prepare<[], { provider_id: string; base_url: string }>(
    'SELECT provider_id, base_url FROM provider_override',
  );
  const readClients = sql.prepare<[], { provider_id: string; client_id: string }>(
    'SELECT provider_id, client_id FROM login_client',
  );
  const writeClient = sql.prepare(
    `INSERT INTO login_client (provider_id, client_id) VALUES (?, ?)
     ON CONFLICT (provider_id) DO UPDATE SET client_id = excluded.client_id`,
  );
  const removeClient = sql.prepare('DELETE FROM login_client WHERE provider_id = ?');
  const writeSetting = sql.prepare(
    'INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  const writeAgent = sql.prepare(
    `INSERT INTO agent_setting (agent_id, value) VALUES (?, ?)
     ON CONFLICT (agent_id) DO UPDATE SET value = excluded.value`,
  );
  const writeOverride = sql.prepare(
    `INSERT INTO provider_override (provider_id, base_url, updated_at) VALUES (?, ?, ?)
     ON CONFLICT (provider_id) DO UPDATE SET base_url = excluded.base_url, updated_at = excluded.updated_at`,
  );
  const removeAgent = sql.prepare('DELETE FROM agent_setting WHERE agent_id = ?');
  const removeSetting = sql.prepare('DELETE FROM setting WHERE key = ?');
  const removeOverride = sql.prepare('DELETE FROM provider_override WHERE provider_id = ?');

  return {
    settings: () => new Map(readSettings.all().map((row) => [row.key, row.value])),
    agents: () => new Map(readAgents.all().map((row) => [row.agent_id, row.value])),
    overrides: () => new Map(readOverrides.all().map((row) => [row.provider_id, row.base_url])),
    loginClients: () => new Map(readClients.all().map((row) => [row.provider_id, row.client_id])),
    writeLoginClient: (providerId: string, clientId: string) => void writeClient.run(providerId, clientId),
    removeLoginClient: (providerId: string) => void removeClient.run(providerId),
    /** Writes all entries or none. */
    writeSettings(entries: readonly (readonly [key: string, value: string])[]): void {
      sql.transaction(() => {
        for (const [key, value] of entries) writeSetting.run(key, value);
      })();
    },
    writeAgent: (agentId: string, value: string) => void writeAgent.run(agentId, value),
    writeOverride: (override: { providerId: string; baseUrl: string; at: number }) =>
      void writeOverride.run(override.providerId, override.baseUrl, override.at),
    removeAgent: (agentId: string) => void removeAgent.run(agentId),
    removeSetting: (key: string) => void removeSetting.run(key),
    removeOverride: (providerId: string) => void removeOverride.run(providerId),
  };
}
