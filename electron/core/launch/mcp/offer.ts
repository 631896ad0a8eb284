import { PerchError, toWireError } from '../../../../shared/errors/perch-error.ts';
import type { McpOffer } from '../../../../shared/model/mcp-server.ts';
import { type CheckContext, checkName, checkTransport } from './check.ts';
import type { FileServer } from './project-file.ts';

/**
 * Describes a server of a project's file. The offer names in advance what would be refused, and nothing else of the
 * server.
 */
export function offerOf(
  { name: text, transport }: FileServer,
  taken: ReadonlySet<string>,
  context: CheckContext,
): McpOffer {
  const name = context.looksSecret(text) ? '…' : text.slice(0, 80);
  try {
    checkName(name);
    if (taken.has(name)) return { state: 'taken', name };
    if (transport === undefined) throw new PerchError('MCP_ENTRY_INVALID', { name });
    return { state: 'free', name, transport: checkTransport(transport, context) };
  } catch (error) {
    if (error instanceof PerchError) return { state: 'refused', name, error: toWireError(error) };
    throw error;
  }
}
