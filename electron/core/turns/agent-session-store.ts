import type { Database } from '../storage/database/database.ts';

export type AgentSessionStore = ReturnType<typeof createAgentSessionStore>;

/** How agents themselves call the conversations that they can go on with after a restart. */
export function createAgentSessionStore({ sql }: Pick<Database, 'sql'>) {
  const read = sql.prepare<[string], string>('SELECT agent_session_id FROM agent_session WHERE session_id = ?').pluck();
  const write = sql.prepare(
    `INSERT INTO agent_session (session_id, agent_session_id) VALUES (?, ?)
     ON CONFLICT (session_id) DO UPDATE SET agent_session_id = excluded.agent_session_id`,
  );
  const remove = sql.prepare('DELETE FROM agent_session WHERE session_id = ?');
  return {
    get: (sessionId: string): string | undefined => read.get(sessionId),
    set: (sessionId: string, agentSessionId: string) => void write.run(sessionId, agentSessionId),
    remove: (sessionId: string) => void remove.run(sessionId),
  };
}
