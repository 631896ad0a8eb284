import type { HostScope } from '../../../../shared/model/egress.ts';
import { type McpServer, mcpServerSchema } from '../../../../shared/model/mcp-server.ts';
import type { Database } from '../../storage/database/database.ts';

interface Row {
  server_id: string;
  scope_kind: HostScope['kind'];
  scope_of: string;
  name: string;
  enabled: 0 | 1;
  /** JSON. */
  transport: string;
}

/** The table `mcp_server`. No secret is in it: values refer to variables. */
export function createMcpStore({ sql }: Pick<Database, 'sql'>) {
  const select = sql.prepare<[], Row>('SELECT * FROM mcp_server ORDER BY name, scope_kind, scope_of');
  const upsert = sql.prepare<[Row]>(
    `INSERT INTO mcp_server VALUES (@server_id, @scope_kind, @scope_of, @name, @enabled, @transport)
     ON CONFLICT (server_id) DO UPDATE SET scope_kind = excluded.scope_kind, scope_of = excluded.scope_of,
       name = excluded.name, enabled = excluded.enabled, transport = excluded.transport`,
  );
  const erase = sql.prepare('DELETE FROM mcp_server WHERE server_id = ?');
  return {
    list: (): McpServer[] => select.all().map(fromRow),
    write: (server: McpServer): void => void upsert.run(toRow(server)),
    remove: (serverId: string): void => void erase.run(serverId),
  };
}

function toRow({ serverId, scope, name, enabled, transport }: McpServer): Row {
  return {
    server_id: serverId,
    scope_kind: scope.kind,
    scope_of: scope.kind === 'agent' ? scope.agentId : scope.projectDir,
    name,
    enabled: enabled ? 1 : 0,
    transport: JSON.stringify(transport),
  };
}

function fromRow(row: Row): McpServer {
  const { scope_kind: kind, scope_of: key } = row;
  return mcpServerSchema.parse({
    serverId: row.server_id,
    scope: kind === 'agent' ? { kind, agentId: key } : { kind, projectDir: key },
    name: row.name,
    enabled: row.enabled === 1,
    transport: JSON.parse(row.transport),
  });
}
