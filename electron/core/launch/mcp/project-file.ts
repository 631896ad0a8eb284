import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import { type McpTransport, mcpValueSchema } from '../../../../shared/model/mcp-server.ts';
import { readTextFile } from '../../../node/read-text-file.ts';

/** Where a project keeps the servers that several agents read for themselves. */
export const MCP_FILE = '.mcp.json';

const MAX_SERVERS = 100;
const valuesSchema = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))
  .default({})
  .transform((values) => Object.entries(values).map(([name, value]) => ({ name, value })))
  // A value behind `:-` replaces a missing variable: Perch leaves such a server out, and says so.
  .pipe(z.array(mcpValueSchema.refine(({ value }) => !/\$\{\w+:-/.test(value))).max(50));

const entrySchema = z.union([
  z.object({
    type: z.literal('stdio').optional(),
    command: z.string().min(1).max(4096),
    args: z.array(z.string().max(8192)).max(100).default([]),
    env: valuesSchema,
  }),
  z.object({
    type: z.enum(['http', 'sse', 'streamable-http']).default('http'),
    url: z.string().min(1).max(2048),
    headers: valuesSchema,
  }),
]);
const fileSchema = z.object({ mcpServers: z.record(z.string(), z.unknown()).default({}) });

/** A server as the file has it; `transport` undefined: it is described in no way that is understood. */
export interface FileServer {
  readonly name: string;
  readonly transport: McpTransport | undefined;
}

/**
 * The servers in a project's file, unchecked, with whatever secrets stand there; undefined: there is no such file.
 * @throws PerchError MCP_FILE_INVALID
 */
export function readMcpFile(projectDir: string): readonly FileServer[] | undefined {
  const path = join(projectDir, MCP_FILE);
  const file = readTextFile(path);
  if (file.kind === 'absent') return undefined;
  const parsed = fileSchema.safeParse(file.kind === 'text' ? parseJson(file.text) : undefined);
  const servers = parsed.success ? Object.entries(parsed.data.mcpServers) : [];
  if (!parsed.success || servers.length > MAX_SERVERS) throw new PerchError('MCP_FILE_INVALID', { file: path });
  return servers.map(([name, described]) => ({ name, transport: transportOf(described, projectDir) }));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    // The parser's sentence repeats what stands there.
    return undefined;
  }
}

function transportOf(described: unknown, projectDir: string): McpTransport | undefined {
  const { success, data } = entrySchema.safeParse(described);
  if (!success) return undefined;
  if ('url' in data) return { type: data.type === 'sse' ? 'sse' : 'http', url: data.url, headers: data.headers };
  const { command, args, env } = data;
  const isOfProject = command.includes('/') && !isAbsolute(command);
  return {
    type: 'stdio',
    command: isOfProject ? join(projectDir, command) : command,
    args,
    env,
    hosts: [],
    folders: [],
  };
}
