import { z } from 'zod';
import { wireErrorSchema } from '../errors/schema.ts';
import { hostScopeSchema } from './egress.ts';
import { noticeSchema } from './notice.ts';

/**
 * An environment variable or header of a server. `${NAME}` in its value stands for the user's variable of that name; a
 * secret never stands here itself.
 */
export const mcpValueSchema = z.object({ name: z.string().min(1).max(200), value: z.string().max(8192) });
export type McpValue = z.infer<typeof mcpValueSchema>;

/** `example.com`, `*.example.com` or an address, and its port. One on this machine is reached at exactly that port. */
const mcpHostSchema = z.object({ host: z.string().min(1).max(300), port: z.number().int().min(1).max(65_535) });
export type McpHost = z.infer<typeof mcpHostSchema>;

const remote = { url: z.string().min(1).max(2048), headers: z.array(mcpValueSchema).max(50) };

export const mcpTransportSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('stdio'),
    /** An absolute path, or a name that is looked up on the PATH of the login. */
    command: z.string().min(1).max(4096),
    args: z.array(z.string().max(8192)).max(100),
    env: z.array(mcpValueSchema).max(100),
    /** The hosts that sessions may reach for the server. */
    hosts: z.array(mcpHostSchema).max(50),
    /** The folders of its installation: absolute paths that sessions may read for it. */
    folders: z.array(z.string().min(1).max(4096)).max(50),
  }),
  z.object({ type: z.literal('http'), ...remote }),
  z.object({ type: z.literal('sse'), ...remote }),
]);
export type McpTransport = z.infer<typeof mcpTransportSchema>;

/** A server of the Model Context Protocol that sessions of an agent, or in a project, are told of. */
export const mcpServerSchema = z.object({
  serverId: z.uuid(),
  scope: hostScopeSchema,
  name: z.string(),
  enabled: z.boolean(),
  transport: mcpTransportSchema,
});
export type McpServer = z.infer<typeof mcpServerSchema>;

/** A server in one session. `problem`: why the session does without it. */
export const mcpInSessionSchema = z.object({
  name: z.string(),
  transport: z.enum(['stdio', 'http', 'sse']),
  /** The command with its arguments, or the address. */
  target: z.string(),
  problem: noticeSchema.optional(),
});
export type McpInSession = z.infer<typeof mcpInSessionSchema>;

/** A server that a project's own file describes: offered, until the user takes it over. */
export const mcpOfferSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('free'), name: z.string(), transport: mcpTransportSchema }),
  /** The project has a server of that name. */
  z.object({ state: z.literal('taken'), name: z.string() }),
  /** The server cannot be taken over as it stands. Its text may hold a secret, and is not repeated. */
  z.object({ state: z.literal('refused'), name: z.string(), error: wireErrorSchema }),
]);
export type McpOffer = z.infer<typeof mcpOfferSchema>;
