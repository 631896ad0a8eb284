import { existsSync, realpathSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import { referencesIn, referenceTo } from '../../../../shared/mcp/references.ts';
import { variableNameSchema } from '../../../../shared/model/credential.ts';
import type { McpTransport, McpValue } from '../../../../shared/model/mcp-server.ts';
import { isReservedName } from '../../../../shared/variables/reserved-names.ts';
import { isSecretLikeName } from '../../../../shared/variables/secret-names.ts';
import { contains } from '../../../node/paths.ts';
import { hostOfRule } from '../../network/egress/host-of-rule.ts';
import { isLoopback } from '../../providers/loopback.ts';
import { findCommand, inSystem } from './locate.ts';

export interface CheckContext {
  /** True when the text contains the shape of a token. */
  readonly looksSecret: (text: string) => boolean;
  /** True when sessions must not read the folder as a whole: a home, Perch's own data, a place of secrets. */
  readonly isTooWide: (folder: string) => boolean;
  /** Where programs are looked for. */
  readonly path: string | undefined;
}

type Stdio = Extract<McpTransport, { type: 'stdio' }>;
type Remote = Exclude<McpTransport, { type: 'stdio' }>;

/** Agents make the names of tools of it. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
/** A token of RFC 9110. */
const HEADER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** @throws PerchError MCP_NAME_INVALID */
export function checkName(name: string): string {
  if (!NAME.test(name)) throw new PerchError('MCP_NAME_INVALID', { name: name.slice(0, 80) });
  return name;
}

/**
 * The transport as it is stored; paths are real ones.
 * @throws PerchError MCP_SECRET_LITERAL, MCP_VARIABLE_MISPLACED, MCP_URL_INVALID, MCP_HEADER_INVALID,
 *   MCP_COMMAND_NOT_FOUND, MCP_FOLDER_UNUSABLE, MCP_PATH_NOT_READABLE, HOST_INVALID, VARIABLE_NAME_INVALID,
 *   VARIABLE_RESERVED
 */
export function checkTransport(transport: McpTransport, context: CheckContext): McpTransport {
  return transport.type === 'stdio' ? checkStdio(transport, context) : checkRemote(transport, context);
}

function checkStdio(transport: Stdio, context: CheckContext): Stdio {
  const { command, args, env, hosts } = transport;
  for (const text of [command, ...args]) {
    if (context.looksSecret(text)) throw secretLiteral(context.looksSecret(command) ? '…' : command.slice(0, 200));
    // Every user of the machine can read an argument list.
    if (referencesIn(text).length > 0) throw new PerchError('MCP_VARIABLE_MISPLACED', { where: text.slice(0, 200) });
  }
  for (const { name } of env) {
    if (!variableNameSchema.safeParse(name).success) throw new PerchError('VARIABLE_NAME_INVALID', { variable: name });
    if (isReservedName(name)) throw new PerchError('VARIABLE_RESERVED', { variable: name });
  }
  checkValues(env, context);
  for (const { host } of hosts) {
    if (hostOfRule(host) === undefined) throw new PerchError('HOST_INVALID', { host: host.slice(0, 200) });
  }
  if (findCommand(command, context.path) === undefined) throw new PerchError('MCP_COMMAND_NOT_FOUND', { command });
  const folders = transport.folders.map((folder) => realFolder(folder, context));
  for (const arg of args) checkReadable(arg, folders);
  return { ...transport, folders };
}

function realFolder(folder: string, { isTooWide }: CheckContext): string {
  if (!isAbsolute(folder) || !existsSync(folder)) throw new PerchError('MCP_FOLDER_UNUSABLE', { folder });
  const real = realpathSync.native(folder);
  if (!inSystem(real) && isTooWide(real)) throw new PerchError('MCP_FOLDER_UNUSABLE', { folder });
  return real;
}

/**
 * Refuses an argument that names a place which no session can read: the error is clearer here than from a server that
 * fails.
 */
function checkReadable(arg: string, folders: readonly string[]): void {
  if (!isAbsolute(arg) || !existsSync(arg)) return;
  const real = realpathSync.native(arg);
  if (inSystem(real) || folders.some((folder) => contains(folder, real))) return;
  throw new PerchError('MCP_PATH_NOT_READABLE', { path: arg });
}

function checkRemote(transport: Remote, context: CheckContext): Remote {
  const { headers } = transport;
  const url = URL.parse(transport.url.trim());
  const shown = transport.url.replace(/\/\/[^/]*@/, '//…@').replace(/[?#].*$/s, '…');
  const invalid = new PerchError('MCP_URL_INVALID', { url: shown.slice(0, 200) });
  if (url === null || url.username !== '' || url.password !== '' || url.hash !== '') throw invalid;
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) throw invalid;
  if (referencesIn(transport.url).length > 0) throw new PerchError('MCP_VARIABLE_MISPLACED', { where: shown });
  if (context.looksSecret(transport.url)) throw secretLiteral(shown);
  for (const { name, value } of headers) {
    if (!HEADER.test(name) || /[\r\n\0]/.test(value)) throw new PerchError('MCP_HEADER_INVALID', { name });
  }
  checkValues(headers, context);
  return { ...transport, url: url.href };
}

function checkValues(values: readonly McpValue[], { looksSecret }: CheckContext): void {
  for (const { name, value } of values) {
    const isLiteral = referencesIn(value).length === 0 && value.trim() !== '';
    if (looksSecret(value) || (isLiteral && isSecretLikeName(name))) {
      throw secretLiteral(name);
    }
  }
}

function secretLiteral(where: string): PerchError {
  return new PerchError('MCP_SECRET_LITERAL', { where, reference: referenceTo('NAME') });
}
