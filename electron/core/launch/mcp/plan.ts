import { defined } from '../../../../shared/defined.ts';
import type { NetworkRules } from '../../../../shared/egress/rules.ts';
import { referencesIn } from '../../../../shared/mcp/references.ts';
import type { McpInSession, McpTransport } from '../../../../shared/model/mcp-server.ts';
import type { Notice } from '../../../../shared/model/notice.ts';
import type { McpLaunch } from '../../../../shared/runner-protocol/mcp.ts';
import { rulesOfUrl } from '../../network/egress/session-rules.ts';
import type { LocatedServer } from './locate.ts';

interface Variable {
  readonly name: string;
  readonly value: string;
}

/** The servers of one session. */
export interface PlannedServers {
  readonly launch: readonly McpLaunch[];
  /** The paths that the session has to be able to read for its servers. */
  readonly parts: readonly string[];
  readonly rules: NetworkRules;
  readonly view: readonly McpInSession[];
}

/**
 * Plans the servers that a session gets. A server that lacks something is left out, and the plan says so. Pure.
 * @param variables names of the user's variables that are in the session
 * @param network the session's way to the network, as its environment names it
 */
export function planServers(
  located: readonly LocatedServer[],
  { variables, network }: { variables: ReadonlySet<string>; network: readonly Variable[] },
): PlannedServers {
  const looked = located.map((one) => ({ one, problem: problemOf(one, variables) }));
  const used = looked.flatMap(({ one, problem }) => (problem === undefined ? [one] : []));
  const rules = used.flatMap(({ server }) => rulesOf(server.transport));
  return {
    launch: used.map((one) => launchOf(one, network)),
    parts: used.flatMap(({ parts }) => parts),
    rules: { hosts: rules.flatMap(({ hosts }) => hosts), loopback: rules.flatMap(({ loopback }) => loopback) },
    view: looked.map(({ one: { server }, problem }) => ({
      name: server.name,
      transport: server.transport.type,
      target: targetOf(server.transport),
      ...defined({ problem }),
    })),
  };
}

function problemOf({ server, program, missing }: LocatedServer, variables: ReadonlySet<string>): Notice | undefined {
  const { name, transport } = server;
  const notice = (key: string, values: Notice['values']): Notice => ({
    level: 'warn',
    key: `notice.mcp-${key}`,
    values: { server: name, ...values },
  });
  if (transport.type === 'stdio' && program === undefined) return notice('no-command', { command: transport.command });
  if (missing !== undefined) return notice('no-folder', { folder: missing });
  const values = transport.type === 'stdio' ? transport.env : transport.headers;
  const variable = values.flatMap(({ value }) => referencesIn(value)).find((one) => !variables.has(one));
  return variable === undefined ? undefined : notice('no-variable', { variable });
}

function launchOf({ server: { name, transport }, program }: LocatedServer, network: readonly Variable[]): McpLaunch {
  if (transport.type !== 'stdio') {
    return { type: transport.type, name, url: transport.url, headers: transport.headers };
  }
  // Some agents start servers without their own environment, and the way out is known by it alone.
  const { command, args, env } = transport;
  return { type: 'stdio', name, command: program ?? command, args, env: [...network, ...env] };
}

function rulesOf(transport: McpTransport): NetworkRules[] {
  if (transport.type !== 'stdio') return [rulesOfUrl(transport.url, true)];
  return transport.hosts.map(({ host, port }) =>
    host.startsWith('*.')
      ? { hosts: [{ host, ports: [port] }], loopback: [] }
      : rulesOfUrl(`https://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`, true),
  );
}

function targetOf(transport: McpTransport): string {
  return transport.type === 'stdio' ? [transport.command, ...transport.args].join(' ') : transport.url;
}
