import { addressKind } from '../../../../shared/egress/address.ts';
import { canonicalHost } from '../../../../shared/egress/host-name.ts';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { AllowedHost, HostScope } from '../../../../shared/model/egress.ts';
import type { HostRule } from '../../../../shared/model/sandbox-policy.ts';
import type { Clock } from '../../../node/clock.ts';
import { parseHost } from '../../../node/parse-host.ts';
import { realOrSame } from '../../../node/paths.ts';
import type { Database } from '../../storage/database/database.ts';
import { hostOfRule } from './host-of-rule.ts';

export interface AllowedHosts {
  /** In the order of their names. */
  list(): AllowedHost[];
  /** @throws PerchError HOST_INVALID */
  allow(request: { scope: HostScope; host: string; ports: readonly number[] }): AllowedHost[];
  /** @throws PerchError HOST_INVALID, NOT_FOUND */
  remove(request: { scope: HostScope; host: string; port?: number | undefined }): AllowedHost[];
  /** Removes every host that was allowed in the scope. */
  removeScope(scope: HostScope): void;
  /** The hosts that the user allowed a session of this agent in this directory. */
  rulesFor(session: { agentId: string; projectDir: string }): HostRule[];
}

interface Row {
  scope_kind: HostScope['kind'];
  scope_of: string;
  host: string;
  port: number;
  allowed_at: number;
}

/** The table `allowed_host`. */
export function createAllowedHosts({
  database: { sql },
  clock,
}: {
  database: Pick<Database, 'sql'>;
  clock: Pick<Clock, 'now'>;
}): AllowedHosts {
  const insert = sql.prepare<[Row]>(
    `INSERT INTO allowed_host (scope_kind, scope_of, host, port, allowed_at)
     VALUES (@scope_kind, @scope_of, @host, @port, @allowed_at) ON CONFLICT DO NOTHING`,
  );
  const select = sql.prepare<[], Row>('SELECT * FROM allowed_host ORDER BY host, port, scope_kind, scope_of');
  const erase = sql.prepare<[Omit<Row, 'allowed_at'>]>(
    'DELETE FROM allowed_host WHERE scope_kind = @scope_kind AND scope_of = @scope_of AND host = @host AND port = @port',
  );
  const eraseScope = sql.prepare('DELETE FROM allowed_host WHERE scope_kind = ? AND scope_of = ?');
  const list = () => select.all().map(fromRow);
  const at = (scope: HostScope, host: string) =>
    list().filter((one) => one.host === host && keyOf(one.scope) === keyOf(scope));

  return {
    list,
    allow({ scope: asked, host: text, ports }) {
      const scope = realScope(asked);
      const host = checkedHost(text);
      sql.transaction(() => {
        for (const port of ports) insert.run({ ...toScope(scope), host, port, allowed_at: clock.now() });
      })();
      return at(scope, host);
    },
    remove({ scope: asked, host: text, port }) {
      const scope = realScope(asked);
      const host = checkedHost(text);
      const removed = at(scope, host).filter((one) => port === undefined || one.port === port);
      if (removed.length === 0) throw new PerchError('NOT_FOUND', { what: 'allowed host' });
      sql.transaction(() => {
        for (const one of removed) erase.run({ ...toScope(scope), host, port: one.port });
      })();
      return removed;
    },
    removeScope(scope) {
      const { scope_kind, scope_of } = toScope(scope);
      eraseScope.run(scope_kind, scope_of);
    },
    rulesFor({ agentId, projectDir }) {
      const matching = list().filter(({ scope }) =>
        scope.kind === 'agent' ? scope.agentId === agentId : scope.projectDir === projectDir,
      );
      return matching.map(({ host, port }) => ({ host, ports: [port] }));
    },
  };
}

function checkedHost(text: string): string {
  const host = hostOfRule(text);
  const parsed = host === undefined ? undefined : canonicalHost(host.replace(/^\*\./, ''), parseHost);
  const isOfThisNetwork = parsed?.kind === 'address' && addressKind(parsed.address) !== 'public';
  if (host === undefined || isOfThisNetwork) throw new PerchError('HOST_INVALID', { host: text.trim().slice(0, 200) });
  return host;
}

/** A session's directory is the real one, whatever links lead to it. */
function realScope(scope: HostScope): HostScope {
  return scope.kind === 'project' ? { kind: 'project', projectDir: realOrSame(scope.projectDir) } : scope;
}

function toScope(scope: HostScope): Pick<Row, 'scope_kind' | 'scope_of'> {
  return { scope_kind: scope.kind, scope_of: scope.kind === 'agent' ? scope.agentId : scope.projectDir };
}

function keyOf(scope: HostScope): string {
  const { scope_kind, scope_of } = toScope(scope);
  return `${scope_kind} ${scope_of}`;
}

function fromRow({ scope_kind, scope_of, host, port, allowed_at }: Row): AllowedHost {
  const scope: HostScope =
    scope_kind === 'agent' ? { kind: 'agent', agentId: scope_of } : { kind: 'project', projectDir: scope_of };
  return { scope, host, port, allowedAt: allowed_at };
}
