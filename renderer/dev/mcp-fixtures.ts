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
