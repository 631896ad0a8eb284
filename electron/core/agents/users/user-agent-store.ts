import type { WireError } from '../../../../shared/errors/perch-error.ts';
import { wireErrorSchema } from '../../../../shared/errors/schema.ts';
import { type AgentDefinition, agentDefinitionSchema } from '../../../../shared/model/agent-definition.ts';
import type { Clock } from '../../../node/clock.ts';
import type { Database } from '../../storage/database/database.ts';

export interface UserAgentStore {
  /** Oldest first. */
  list(): readonly AgentDefinition[];
  save(definition: AgentDefinition): void;
  /** Why the agent cannot start; undefined when nothing is known to be in its way. */
  problem(agentId: string): WireError | undefined;
  /** Replaces what is known to be in the agent's way. */
  setProblem(agentId: string, problem: WireError | undefined): void;
  remove(agentId: string): void;
}

/** The table `user_agent`. What is stored there and not understood is told to `onInvalid` once, and left alone. */
export function createUserAgentStore({
  database: { sql },
  clock,
  onInvalid,
}: {
  database: Pick<Database, 'sql'>;
  clock: Pick<Clock, 'now'>;
  onInvalid: (agentId: string) => void;
}): UserAgentStore {
  const rows = sql.prepare<[], { agent_id: string; definition: string; problem: string | null }>(
    'SELECT agent_id, definition, problem FROM user_agent ORDER BY created_at, rowid',
  );
  const write = sql.prepare(
    `INSERT INTO user_agent (agent_id, definition, created_at) VALUES (?, ?, ?)
     ON CONFLICT (agent_id) DO UPDATE SET definition = excluded.definition`,
  );
  const writeProblem = sql.prepare('UPDATE user_agent SET problem = ? WHERE agent_id = ?');
  const remove = sql.prepare('DELETE FROM user_agent WHERE agent_id = ?');
  const read = (report: (agentId: string) => void): readonly AgentDefinition[] =>
    rows.all().flatMap(({ agent_id, definition }) => {
      const parsed = agentDefinitionSchema.safeParse(parse(definition));
      if (parsed.success && parsed.data.agentId === agent_id) return [parsed.data];
      report(agent_id);
      return [];
    });
  let agents = read(onInvalid);
  const readProblems = () =>
    new Map(
      rows.all().flatMap(({ agent_id, problem }) => {
        const parsed = wireErrorSchema.safeParse(problem === null ? undefined : parse(problem));
        return parsed.success ? [[agent_id, parsed.data] as const] : [];
      }),
    );
  let problems = readProblems();

  return {
    list: () => agents,
    save(definition) {
      write.run(definition.agentId, JSON.stringify(definition), clock.now());
      agents = read(() => {});
    },
    problem: (agentId) => problems.get(agentId),
    setProblem(agentId, problem) {
      writeProblem.run(problem === undefined ? null : JSON.stringify(problem), agentId);
      problems = readProblems();
    },
    remove(agentId) {
      remove.run(agentId);
      agents = read(() => {});
      problems = readProblems();
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
