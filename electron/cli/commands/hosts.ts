import { defined } from '../../../shared/defined.ts';
import type { AllowedHost, HostScope } from '../../../shared/model/egress.ts';
import { parseScope } from '../arguments/scope.ts';
import type { Command, Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { oneLine, terminalJson } from '../terminal/output.ts';
import { writeTable } from '../terminal/table.ts';
import { UsageError } from '../usage-error.ts';
import { scopeInWords } from './credentials.ts';

const DEFAULT_PORT = 443;

export const hostsList: Command = async (context) => {
  const { values, stdout, t, openCore } = context;
  const { client } = await openCore();
  const { allowed, refused } = await client.call('egress.list', {});
  if (values.json === true) {
    stdout.line(terminalJson({ allowed, refused }));
    return EXIT.ok;
  }
  if (allowed.length === 0) stdout.line(t('cli.hosts.none'));
  else writeHosts(context, allowed);
  for (const { agentId, host, port } of refused) {
    stdout.line(t('cli.hosts.refused', { agent: agentId, host: oneLine(host), port }));
  }
  return EXIT.ok;
};

export const hostsAllow: Command = async (context) => {
  const [scope, { host, port }] = [hostScopeOf(context), hostOf(context)];
  const { client } = await context.openCore();
  const { allowed } = await client.call('egress.allow', { scope, host, ports: [port ?? DEFAULT_PORT] });
  return tell(context, 'allowed', allowed);
};

export const hostsRemove: Command = async (context) => {
  const [scope, { host, port }] = [hostScopeOf(context), hostOf(context)];
  const { client } = await context.openCore();
  const { removed } = await client.call('egress.remove', { scope, host, ...defined({ port }) });
  return tell(context, 'removed', removed);
};

function tell(context: Context, what: 'allowed' | 'removed', hosts: readonly AllowedHost[]): number {
  const { values, stdout } = context;
  if (values.json === true) stdout.line(terminalJson({ [what]: hosts }));
  else writeHosts(context, hosts);
  return EXIT.ok;
}

function writeHosts({ stdout, t }: Context, hosts: readonly AllowedHost[]): void {
  writeTable(
    stdout,
    ['host', 'port', 'scope'].map((column) => t(`cli.hosts.${column}`)),
    hosts.map(({ host, port, scope }) => [host, String(port), scopeInWords(scope, t)]),
  );
}

/** The current project unless it says otherwise. @throws UsageError */
function hostScopeOf({ values, cwd }: Context): HostScope {
  const scope = parseScope(values.scope ?? 'project', cwd);
  if (scope === undefined || scope.kind === 'global') throw new UsageError('host-scope');
  return scope;
}

/** `example.com`, `example.com:8443`. The core says what is a host. @throws UsageError */
function hostOf({ operands }: Context): { host: string; port?: number } {
  const [text = ''] = operands;
  const match = /^([^:[\]]+|\[[^[\]]*\]):(\d{1,5})$/.exec(text);
  if (match === null) return { host: text };
  const port = Number(match[2]);
  if (port < 1 || port > 65_535) throw new UsageError('host-port', { port: match[2] ?? '' });
  return { host: match[1] ?? '', port };
}
