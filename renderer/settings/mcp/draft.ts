import type { McpHost, McpServer, McpTransport, McpValue } from '../../../shared/model/mcp-server.ts';

/** A server as it is typed: lists one line each. */
export interface McpDraft {
  readonly name: string;
  readonly type: McpTransport['type'];
  readonly command: string;
  readonly args: string;
  readonly env: string;
  readonly hosts: string;
  readonly folders: string;
  readonly url: string;
  readonly headers: string;
}

export const EMPTY_MCP: McpDraft = {
  name: '',
  type: 'stdio',
  command: '',
  args: '',
  env: '',
  hosts: '',
  folders: '',
  url: '',
  headers: '',
};

const DEFAULT_PORT = 443;

export function draftOfServer({ name, transport }: McpServer): McpDraft {
  const draft = { ...EMPTY_MCP, name, type: transport.type };
  if (transport.type !== 'stdio') {
    return { ...draft, url: transport.url, headers: written(transport.headers, ': ') };
  }
  const { command, args, env, hosts, folders } = transport;
  return {
    ...draft,
    command,
    args: args.join('\n'),
    env: written(env, '='),
    hosts: hosts.map(({ host, port }) => `${host}:${port}`).join('\n'),
    folders: folders.join('\n'),
  };
}

/** Undefined while a line is not understood; `line` is that line. */
type Read<T> = { readonly value: T } | { readonly line: string };

export function transportOfDraft(draft: McpDraft): Read<McpTransport> {
  if (draft.type !== 'stdio') {
    const headers = readLines(draft.headers, (line) => pairOf(line, /^([^:]+):\s*(.*)$/));
    return 'line' in headers ? headers : { value: { type: draft.type, url: draft.url.trim(), headers: headers.value } };
  }
  const env = readLines(draft.env, (line) => pairOf(line, /^([^=]+)=(.*)$/));
  const hosts = readLines(draft.hosts, hostOf);
  if ('line' in env) return env;
  if ('line' in hosts) return hosts;
  const [args, folders] = [linesOf(draft.args), linesOf(draft.folders)];
  return {
    value: { type: 'stdio', command: draft.command.trim(), args, env: env.value, hosts: hosts.value, folders },
  };
}

export function isComplete({ name, type, command, url }: McpDraft): boolean {
  return name.trim() !== '' && (type === 'stdio' ? command : url).trim() !== '';
}

function readLines<T>(text: string, read: (line: string) => T | undefined): Read<T[]> {
  const values: T[] = [];
  for (const line of linesOf(text)) {
    const value = read(line);
    if (value === undefined) return { line };
    values.push(value);
  }
  return { value: values };
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function pairOf(line: string, pattern: RegExp): McpValue | undefined {
  const [, name, value] = pattern.exec(line) ?? [];
  return name === undefined || value === undefined ? undefined : { name: name.trim(), value };
}

function hostOf(line: string): McpHost | undefined {
  const [, host, port] = /^(\[[^[\]]+\]|[^:\s]+)(?::(\d{1,5}))?$/.exec(line) ?? [];
  const number = port === undefined ? DEFAULT_PORT : Number(port);
  return host === undefined || number < 1 || number > 65_535 ? undefined : { host, port: number };
}

function written(values: readonly McpValue[], between: string): string {
  return values.map(({ name, value }) => `${name}${between}${value}`).join('\n');
}
