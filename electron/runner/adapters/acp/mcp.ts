import type { AgentCapabilities, NewSessionRequest } from '@agentclientprotocol/sdk';
import { fillReferences } from '../../../../shared/mcp/references.ts';
import type { McpLaunch, McpUnsupported, McpVariablesBy } from '../../../../shared/runner-protocol/mcp.ts';

type AcpServer = NewSessionRequest['mcpServers'][number];

interface ServersForAgent {
  readonly servers: AcpServer[];
  readonly unsupported: McpUnsupported[];
}

/** Servers on stdio every agent has to take; the others only those who say so. */
export function serversFor(options: {
  servers: readonly McpLaunch[];
  capabilities: AgentCapabilities | undefined;
  variablesBy: McpVariablesBy;
  environment: Readonly<Record<string, string>>;
}): ServersForAgent {
  const { servers, capabilities, variablesBy, environment } = options;
  const supports = ({ type }: McpLaunch) => type === 'stdio' || capabilities?.mcpCapabilities?.[type] === true;
  const fill = (values: readonly { name: string; value: string }[]) =>
    values.map(({ name, value }) => ({
      name,
      value: variablesBy === 'name' ? value : fillReferences(value, (variable) => environment[variable]),
    }));
  return {
    servers: servers.filter(supports).map((server) => {
      if (server.type !== 'stdio') return { ...server, headers: fill(server.headers) };
      const { name, command, args, env } = server;
      return { name, command, args, env: fill(env) };
    }),
    unsupported: servers.flatMap((server) =>
      server.type === 'stdio' || supports(server) ? [] : [{ name: server.name, transport: server.type }],
    ),
  };
}
