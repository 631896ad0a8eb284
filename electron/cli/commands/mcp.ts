import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { HostScope } from '../../../shared/model/egress.ts';
import type { McpHost, McpServer, McpTransport, McpValue } from '../../../shared/model/mcp-server.ts';
import type { Client } from '../../core/api/client.ts';
import { realOrSame } from '../../node/paths.ts';
import type { OptionName } from '../arguments/grammar.ts';
import type { Command, Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { oneLine, terminalJson } from '../terminal/output.ts';
import { writeTable } from '../terminal/table.ts';
import { UsageError } from '../usage-error.ts';
import { agentIn, projectDirOf, typedFolder } from '../values.ts';
import { scopeInWords } from './credentials.ts';

const DEFAULT_PORT = 443;

/** Lists every server, or those of one agent or project. */
export const mcpList: Command = async (context) => {
  const { values, stdout, t, openCore } = context;
  const only = values.agent === undefined && values.project === undefined ? undefined : scopeOf(context);
  const { client } = await openCore();
  if (values.agent !== undefined) {
    agentIn((await client.call('agents.list', { projectDir: context.cwd })).agents, values.agent);
  }
  const all = (await client.call('mcp.list', {})).servers;
  const servers = all.filter(({ scope }) => only === undefined || isSame(scope, only));
  if (values.json === true) stdout.line(terminalJson({ servers }));
  else if (servers.length === 0) stdout.line(t('cli.mcp.none'));
  else {
    writeTable(
      stdout,
      ['name', 'state', 'transport', 'target', 'scope'].map((column) => t(`cli.mcp.${column}`)),
      servers.map(({ name, enabled, transport, scope }) => [
        { text: name, style: 'bold' },
        t(enabled ? 'cli.mcp.on' : 'cli.mcp.off'),
        transport.type,
        oneLine(targetOf(transport), 60),
        scopeInWords(scope, t),
      ]),
    );
  }
  return EXIT.ok;
};

export const mcpAdd: Command = async (context) => {
  const [name = ''] = context.operands;
  const [scope, transport] = [scopeOf(context), transportOf(context)];
  const { client } = await context.openCore();
  const { server } = await client.call('mcp.set', { scope, name, transport });
  return tell(context, 'added', server);
};

export const mcpRemove: Command = async (context) => {
  const { client } = await context.openCore();
  const { serverId } = await meant(context, client);
  const { removed } = await client.call('mcp.remove', { serverId });
  return tell(context, 'removed', removed);
};

export const mcpEnable: Command = (context) => turn(context, true);
export const mcpDisable: Command = (context) => turn(context, false);

async function turn(context: Context, enabled: boolean): Promise<number> {
  const { client } = await context.openCore();
  const { serverId } = await meant(context, client);
  const { server } = await client.call('mcp.enable', { serverId, enabled });
  return tell(context, enabled ? 'enabled' : 'disabled', server);
}

/** @throws PerchError MCP_NOT_FOUND */
async function meant(context: Context, client: Client): Promise<McpServer> {
  const [name = ''] = context.operands;
  const scope = scopeOf(context);
  const { servers } = await client.call('mcp.list', {});
  const server = servers.find((one) => one.name === name && isSame(one.scope, scope));
  if (server === undefined) throw new PerchError('MCP_NOT_FOUND', { name });
  return server;
}

function tell({ values, stdout, t }: Context, what: string, server: McpServer): number {
  const { name, scope } = server;
  if (values.json === true) stdout.line(terminalJson({ server }));
  else stdout.line(t(`cli.mcp.${what}`, { name, scope: scopeInWords(scope, t) }));
  return EXIT.ok;
}

/** The current project unless it says otherwise. @throws UsageError */
function scopeOf({ values, cwd }: Context): HostScope {
  if (values.agent !== undefined && values.project !== undefined) throw new UsageError('mcp-scope');
  if (values.agent !== undefined) return { kind: 'agent', agentId: values.agent };
  return { kind: 'project', projectDir: realOrSame(projectDirOf({ values, cwd })) };
}

function isSame(a: HostScope, b: HostScope): boolean {
  if (a.kind === 'agent') return b.kind === 'agent' && a.agentId === b.agentId;
  return b.kind === 'project' && a.projectDir === b.projectDir;
}

/** @throws UsageError */
function transportOf({ values, operands, cwd }: Context): McpTransport {
  const [, command, ...args] = operands;
  if ((command === undefined) === (values.url === undefined)) throw new UsageError('mcp-target');
  const misplaced: readonly OptionName[] = command === undefined ? ['env', 'host', 'read'] : ['header', 'sse'];
  const wrong = misplaced.find((option) => values[option] !== undefined);
  if (wrong !== undefined) throw new UsageError('mcp-misplaced', { option: `--${wrong}` });
  if (command === undefined) {
    const headers = (values.header ?? []).map((text) => pairOf(text, /^([^:]+):\s*(.*)$/s, 'mcp-header'));
    return { type: values.sse === true ? 'sse' : 'http', url: values.url ?? '', headers };
  }
  return {
    type: 'stdio',
    command,
    args,
    env: (values.env ?? []).map((text) => pairOf(text, /^([^=]+)=(.*)$/s, 'mcp-env')),
    hosts: (values.host ?? []).map(hostOf),
    folders: (values.read ?? []).map((folder) => typedFolder(folder, cwd)),
  };
}

function pairOf(text: string, pattern: RegExp, problem: string): McpValue {
  const [, name = '', value = ''] = pattern.exec(text) ?? [];
  if (name === '') throw new UsageError(problem);
  return { name, value };
}

function hostOf(text: string): McpHost {
  const [, host = '', port] = /^(\[[^[\]]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const number = port === undefined ? DEFAULT_PORT : Number(port);
  if (host === '' || number < 1 || number > 65_535) throw new UsageError('mcp-host');
  return { host, port: number };
}

export function targetOf(transport: McpTransport): string {
  return transport.type === 'stdio' ? [transport.command, ...transport.args].join(' ') : transport.url;
}
