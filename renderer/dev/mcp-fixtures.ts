import type { Result } from '../../shared/contract/methods.ts';
import type { McpServer } from '../../shared/model/mcp-server.ts';
import { uuid } from './fixtures.ts';

/** A command, an address with a secret, and one that is off and long. */
export const MCP_SERVERS: McpServer[] = [
  {
    serverId: uuid(901),
    scope: { kind: 'agent', agentId: 'codex' },
    name: 'files',
    enabled: true,
    transport: {
      type: 'stdio',
      command: 'npx',
      args: ['-y', 'files-server'],
      env: [],
      hosts: [],
      folders: ['/opt/mcp'],
    },
  },
  {
    serverId: uuid(902),
    scope: { kind: 'project', projectDir: '/home/ada/projects/engine' },
    name: 'issues',
    enabled: true,
    transport: { type: 'http', url: 'https://mcp.example.com/v1', headers: [] },
  },
  {
    serverId: uuid(903),
    scope: { kind: 'project', projectDir: '/home/ada/projects/engine' },
    name: 'a-database-with-a-name-that-hardly-ends',
    enabled: false,
    transport: {
      type: 'stdio',
      command: '/home/ada/.local/share/servers/database/bin/database-server',
      args: ['--read-only', '--schema', 'public', '--connection', 'postgresql://127.0.0.1:5432/engine'],
      env: [],
      hosts: [{ host: '127.0.0.1', port: 5432 }],
      folders: [],
    },
  },
];

/** One of each kind. */
export function mcpOffered(projectDir: string | undefined): Result<'mcp.offered'> {
  if (projectDir !== OFFERING) return { offers: [] };
  const transport = { type: 'http' as const, url: 'https://docs.example.com/mcp/v1/with/a/long/path', headers: [] };
  const values = { where: 'TRACKER_TOKEN', reference: '$' + '{NAME}' };
  return {
    file: `${OFFERING}/.mcp.json`,
    offers: [
      { state: 'free', name: 'documentation', transport },
      { state: 'taken', name: 'issues' },
      { state: 'refused', name: 'tracker', error: { code: 'MCP_SECRET_LITERAL', values } },
    ],
  };
}
/** A folder with a file of its own. */
export const OFFERING = '/home/ada/projects/engine/offering';
