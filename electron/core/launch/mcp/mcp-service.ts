import { join } from 'node:path';
import type { Params, Result } from '../../../../shared/contract/methods.ts';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import { createListeners } from '../../../../shared/listeners.ts';
import type { HostScope } from '../../../../shared/model/egress.ts';
import type { McpServer } from '../../../../shared/model/mcp-server.ts';
import { realOrSame } from '../../../node/paths.ts';
import type { Random } from '../../ports.ts';
import type { Database } from '../../storage/database/database.ts';
import { type CheckContext, checkName, checkTransport } from './check.ts';
import { type LocatedServer, locateServer } from './locate.ts';
import { createMcpStore } from './mcp-store.ts';
import { offerOf } from './offer.ts';
import { MCP_FILE, readMcpFile } from './project-file.ts';

export interface McpService {
  /** In the order of their names. */
  list(): McpServer[];
  /** Rejects with PerchError: see the contract's `mcp.set`. */
  set(params: Params<'mcp.set'>): Promise<McpServer>;
  /** Rejects with PerchError MCP_FILE_INVALID. */
  offered(params: Params<'mcp.offered'>): Promise<Result<'mcp.offered'>>;
  /** @throws PerchError NOT_FOUND */
  enable(params: Params<'mcp.enable'>): McpServer;
  /** @throws PerchError NOT_FOUND */
  remove(params: Params<'mcp.remove'>): McpServer;
  removeScope(scope: HostScope): void;
  /** The enabled ones of a session there; of two with one name the agent's own. */
  inEffect(session: { agentId: string; projectDir: string }): Promise<LocatedServer[]>;
  onChange(listener: () => void): () => void;
}

export function createMcpService(
  options: {
    database: Pick<Database, 'sql'>;
    random: Pick<Random, 'uuid'>;
    /** Where programs are looked for, as the login shell has it. */
    path: () => Promise<string | undefined>;
  } & Omit<CheckContext, 'path'>,
): McpService {
  const store = createMcpStore(options.database);
  const listeners = createListeners();
  const changed = (): void => {
    listeners.notify();
  };
  const find = (serverId: string): McpServer => {
    const server = store.list().find((one) => one.serverId === serverId);
    if (server === undefined) throw new PerchError('NOT_FOUND', { what: 'MCP server' });
    return server;
  };
  const save = (server: McpServer): McpServer => {
    store.write(server);
    changed();
    return server;
  };

  return {
    list: store.list,
    async set({ serverId, scope: asked, name: text, transport }) {
      const path = await options.path();
      const before = serverId === undefined ? undefined : find(serverId);
      const scope = realScope(asked);
      const name = checkName(text.trim());
      const sameName = store.list().find((one) => one.name === name && isSame(one.scope, scope));
      if (sameName !== undefined && sameName.serverId !== serverId) throw new PerchError('MCP_NAME_TAKEN', { name });
      return save({
        serverId: serverId ?? options.random.uuid(),
        scope,
        name,
        enabled: before?.enabled ?? true,
        transport: checkTransport(transport, { ...options, path }),
      });
    },
    async offered({ projectDir }) {
      const directory = realOrSame(projectDir);
      const found = readMcpFile(directory);
      if (found === undefined) return { offers: [] };
      const scope: HostScope = { kind: 'project', projectDir: directory };
      const taken = new Set(store.list().flatMap((one) => (isSame(one.scope, scope) ? [one.name] : [])));
      const context = { ...options, path: await options.path() };
      return { file: join(directory, MCP_FILE), offers: found.map((one) => offerOf(one, taken, context)) };
    },
    enable: ({ serverId, enabled }) => save({ ...find(serverId), enabled }),
    remove({ serverId }) {
      const server = find(serverId);
      store.remove(serverId);
      changed();
      return server;
    },
    removeScope(asked) {
      const scope = realScope(asked);
      const all = store.list().filter((one) => isSame(one.scope, scope));
      for (const { serverId } of all) store.remove(serverId);
      if (all.length > 0) changed();
    },
    async inEffect({ agentId, projectDir }) {
      const enabled = store.list().filter((one) => one.enabled);
      const ofAgent = enabled.filter(({ scope }) => isSame(scope, { kind: 'agent', agentId }));
      const taken = new Set(ofAgent.map(({ name }) => name));
      const project = realScope({ kind: 'project', projectDir });
      const ofProject = enabled.filter(({ scope, name }) => isSame(scope, project) && !taken.has(name));
      const all = [...ofAgent, ...ofProject];
      // Without a server the plan does not wait for a login shell.
      const path = all.length === 0 ? undefined : await options.path();
      return all.map((server) => locateServer(server, path));
    },
    onChange(listener) {
      return listeners.add(listener);
    },
  };
}

/** A session's directory is the real one, whatever links lead to it. */
function realScope(scope: HostScope): HostScope {
  return scope.kind === 'project' ? { kind: 'project', projectDir: realOrSame(scope.projectDir) } : scope;
}

function isSame(a: HostScope, b: HostScope): boolean {
  if (a.kind === 'project') return b.kind === 'project' && a.projectDir === b.projectDir;
  return b.kind === 'agent' && a.agentId === b.agentId;
}
