import type { Database } from '../storage/database/database.ts';
import type { Situation } from './situation.ts';

/** Where an agent works, as `kept_provider` names it. */
interface KeptPlace {
  readonly agentId: string;
  readonly projectDir: string;
}

export interface KeptProviders {
  /** The provider that the agent used last there, or, where it never worked, anywhere. */
  get(place: KeptPlace): string | undefined;
  /** Remembers what was decided there, when it could be used. Never raises: a full disk stops no agent. */
  note(place: KeptPlace, decided: KeptOf): void;
  forgetAgent(agentId: string): void;
  forgetProject(projectDir: string): void;
}

type KeptOf = Pick<Situation, 'effective' | 'resolution' | 'readiness'>;

/** No directory has this name: the row holds for every place without one of its own. */
const ANYWHERE = '';

interface Row {
  readonly agent_id: string;
  readonly project_dir: string;
  readonly provider_id: string;
}

/** The table `kept_provider`. A credential that comes or goes must not send an agent to another provider unasked. */
export function createKeptProviders(options: {
  database: Pick<Database, 'sql'>;
  onFailure: (error: unknown) => void;
}): KeptProviders {
  const { database, onFailure } = options;
  const { sql } = database;
  const write = sql.prepare<[Row]>(
    `INSERT INTO kept_provider (agent_id, project_dir, provider_id) VALUES (@agent_id, @project_dir, @provider_id)
     ON CONFLICT (agent_id, project_dir) DO UPDATE SET provider_id = excluded.provider_id`,
  );
  const rows = sql.prepare<[], Row>('SELECT * FROM kept_provider').all();
  const kept = new Map(rows.map((row) => [keyOf(row.agent_id, row.project_dir), row.provider_id]));

  const keep = (agentId: string, projectDir: string, providerId: string) => {
    if (kept.get(keyOf(agentId, projectDir)) === providerId) return;
    kept.set(keyOf(agentId, projectDir), providerId);
    try {
      write.run({ agent_id: agentId, project_dir: projectDir, provider_id: providerId });
    } catch (error) {
      onFailure(error);
    }
  };
  const forget = (column: keyof Row, value: string) => {
    sql.prepare(`DELETE FROM kept_provider WHERE ${column} = ?`).run(value);
    for (const key of [...kept.keys()]) {
      const [agentId, projectDir] = key.split('\n');
      if ((column === 'agent_id' ? agentId : projectDir) === value) kept.delete(key);
    }
  };

  return {
    get: ({ agentId, projectDir }) => kept.get(keyOf(agentId, projectDir)) ?? kept.get(keyOf(agentId, ANYWHERE)),
    note({ agentId, projectDir }, decided) {
      const providerId = providerToKeep(decided);
      if (providerId === undefined) return;
      keep(agentId, projectDir, providerId);
      if (!isOfProject(decided)) keep(agentId, ANYWHERE, providerId);
    },
    forgetAgent: (agentId) => forget('agent_id', agentId),
    forgetProject: (projectDir) => forget('project_dir', projectDir),
  };
}

/**
 * The provider that a session would really use now; undefined when its credential is missing, in trouble or
 * refused.
 */
function providerToKeep({ effective, resolution, readiness }: KeptOf): string | undefined {
  const { provider } = effective;
  if (provider.state !== 'derived' || provider.by === 'gateway' || provider.by === 'only') return undefined;
  if (readiness.state === 'not-ready' && readiness.error.code === 'BYOK_CREDENTIAL_INVALID') return undefined;
  const usable = ['resolved', 'own-login', 'not-needed'].includes(resolution?.state ?? '');
  return usable ? provider.providerId : undefined;
}

/** A credential of one project says nothing of other places. */
function isOfProject({ resolution }: KeptOf): boolean {
  return resolution?.state === 'resolved' && resolution.entries.some(({ scope }) => scope.kind === 'project');
}

/** A line break is in no agent's id. */
function keyOf(agentId: string, projectDir: string): string {
  return `${agentId}\n${projectDir}`;
}
