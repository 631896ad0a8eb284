import { homedir } from 'node:os';
import { createLooksSecret } from '../../../shared/redaction/looks-secret.ts';
import type { Redactor } from '../../../shared/redaction/redactor.ts';
import { createMcpService, type McpService } from '../launch/mcp/mcp-service.ts';
import { joinPaths, type LoginPath } from '../machine/login-shell/path.ts';
import type { HostPorts } from '../ports.ts';
import { isFolderTooWide } from '../projects/directory.ts';
import type { Database } from '../storage/database/database.ts';

/** The MCP servers, with what this machine says of commands, folders and tokens. */
export function openMcp({
  ports: { paths, environment, random },
  database,
  redactor,
  scratchDir,
  loginPath,
}: {
  ports: Pick<HostPorts, 'paths' | 'environment' | 'random'>;
  database: Pick<Database, 'sql'>;
  redactor: Pick<Redactor, 'redact'>;
  scratchDir: string;
  loginPath: Pick<LoginPath, 'ensure'>;
}): McpService {
  const places = { homeDir: homedir(), dataDir: paths.dataDir, scratchDir };
  return createMcpService({
    database,
    random,
    path: async () => joinPaths(environment.PATH, await loginPath.ensure()),
    looksSecret: createLooksSecret((text) => redactor.redact(text) !== text),
    isTooWide: (folder) => isFolderTooWide(folder, places),
  });
}
