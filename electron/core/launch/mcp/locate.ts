import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import type { McpServer } from '../../../../shared/model/mcp-server.ts';
import { contains } from '../../../node/paths.ts';

/** A server, and where on this machine what it needs is now. */
export interface LocatedServer {
  readonly server: McpServer;
  /** The path of a stdio server's program; undefined when the program is missing. */
  readonly program: string | undefined;
  /** Real paths that a session has to be able to read. */
  readonly parts: readonly string[];
  /** The first of its folders that is not there any more. */
  readonly missing: string | undefined;
}

/** Every sandbox shows these anyway. */
const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib64'];

export function inSystem(path: string): boolean {
  return SYSTEM.some((folder) => contains(folder, path));
}

/** A program's path by its name or path; undefined when none can be run. Relative entries of the PATH are passed over. */
export function findCommand(command: string, path: string | undefined): string | undefined {
  if (isAbsolute(command)) return isProgram(command) ? command : undefined;
  if (command.includes('/')) return undefined;
  const folders = (path ?? '').split(delimiter).filter(isAbsolute);
  return folders.map((folder) => join(folder, command)).find(isProgram);
}

export function locateServer(server: McpServer, path: string | undefined): LocatedServer {
  const { transport } = server;
  if (transport.type !== 'stdio') return { server, program: undefined, parts: [], missing: undefined };
  const program = findCommand(transport.command, path);
  const missing = transport.folders.find((folder) => !isThere(folder));
  // The session has to see the target of a link, under the name by which the program is started.
  const own = program === undefined ? [] : [program, realpathSync.native(program)];
  const parts = [...own, ...transport.folders].filter((part) => !inSystem(part));
  return { server, program, parts: [...new Set(parts)], missing };
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    // Not there, or not to be run by this user: a shell passes it over too.
    return false;
  }
}

function isThere(folder: string): boolean {
  return statSync(folder, { throwIfNoEntry: false }) !== undefined;
}
