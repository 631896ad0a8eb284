import type { McpTransport } from '../../../shared/model/mcp-server.ts';

/** The server's command or address, on one line. */
export function targetOf(transport: McpTransport): string {
  return transport.type === 'stdio' ? [transport.command, ...transport.args].join(' ') : transport.url;
}
