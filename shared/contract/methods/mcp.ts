import { z } from 'zod';
import { hostScopeSchema } from '../../model/egress.ts';
import { directorySchema } from '../../model/ids.ts';
import { mcpOfferSchema, mcpServerSchema, mcpTransportSchema } from '../../model/mcp-server.ts';
import { method, nothing } from './method.ts';

const byId = z.object({ serverId: z.uuid() });
const one = z.object({ server: mcpServerSchema });

/** Servers of the Model Context Protocol, by agent and by project. A session takes a change with its next turn. */
export const mcpMethods = {
  'mcp.list': method(nothing, z.object({ servers: z.array(mcpServerSchema) })),
  /**
   * Adds a server, or with `serverId` changes one. What looks like a secret is refused: MCP_SECRET_LITERAL. Also
   * MCP_NAME_INVALID, MCP_NAME_TAKEN, MCP_URL_INVALID, MCP_HEADER_INVALID, MCP_VARIABLE_MISPLACED,
   * MCP_COMMAND_NOT_FOUND, MCP_FOLDER_UNUSABLE, MCP_PATH_NOT_READABLE, HOST_INVALID, VARIABLE_NAME_INVALID,
   * VARIABLE_RESERVED, AGENT_UNKNOWN, NOT_FOUND.
   */
  'mcp.set': method(
    z.object({
      serverId: z.uuid().optional(),
      scope: hostScopeSchema,
      name: z.string().max(200),
      transport: mcpTransportSchema,
    }),
    one,
  ),
  /**
   * The servers that the `.mcp.json` of a project describes; `file` absent: it has none. `mcp.set` takes one over.
   * @throws MCP_FILE_INVALID
   */
  'mcp.offered': method(
    z.object({ projectDir: directorySchema }),
    z.object({ file: z.string().optional(), offers: z.array(mcpOfferSchema) }),
  ),
  'mcp.enable': method(byId.extend({ enabled: z.boolean() }), one),
  'mcp.remove': method(byId, z.object({ removed: mcpServerSchema })),
} as const;
