import { existsSync, mkdtempSync, rmSync, watch } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { compileRules, type NetworkRules, type Rules } from '../../../shared/egress/rules.ts';
import type { ProxyProblem, RefusedHost, UpstreamProxy } from '../../../shared/model/egress.ts';
import type { Clock } from '../../node/clock.ts';
import { parseHost } from '../../node/parse-host.ts';
import { type Connect, connectToAddress } from './connect.ts';
import { createDial } from './dial.ts';
import { FOLDER_PREFIX, SOCKET_NAME } from './left-over.ts';
import { EGRESS_LIMITS, type EgressLimits } from './limits.ts';
import { createOpen } from './open.ts';
import { ownAddresses, type Resolve, systemResolve } from './resolve.ts';
import { createHttpSide } from './serve-http.ts';
import { serveSocks } from './serve-socks.ts';
import { SOCKS_VERSION } from './socks.ts';
import { createUpstream } from './upstream.ts';

interface EgressOptions {
  /** The socket gets a folder of its own in this one, which only this user may open. */
  readonly folder: string;
  readonly rules: NetworkRules;
  readonly upstream?: UpstreamProxy | undefined;
  readonly clock: Clock;
  readonly onRefused: (refused: RefusedHost) => void;
  /** Called when the upstream proxy does not work; optional. */
  readonly onProxyProblem?: (problem: ProxyProblem) => void;
  /** A host that the rules allow was dialled, `HOST:PORT`. Absent: nobody needs to know. */
  readonly onDialled?: (where: string, reached: boolean) => void;
  /** Called when the proxy stops listening without having been asked to. */
  readonly onGone: (reason: string) => void;
  readonly resolve?: Resolve;
  readonly connect?: Connect;
  readonly ownAddresses?: () => ReadonlySet<string>;
  readonly limits?: EgressLimits;
}

/** The only way out of one session. */
export interface EgressProxy {
  /** A Unix socket: a client speaks HTTP `CONNECT`, plain HTTP or SOCKS5. */
  readonly socketPath: string;
  /**
   * Whole or not at all. Connections to what is not allowed any more are cut.
   * @throws RuleError, and the rules in force stay
   */
  update(rules: NetworkRules): void;
  /** Every connection ends. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts the proxy, which listens when this returns.
 * @throws RuleError, or the system's error when no socket can be made
 */
export function startEgress(options: EgressOptions): EgressProxy {
  const { clock, limits = EGRESS_LIMITS } = options;
  let rules: Rules = compileRules(options.rules, parseHost);
  const dial = createDial({
    rules: () => rules,
    resolve: options.resolve ?? systemResolve,
    connect: options.connect ?? connectToAddress,
    ownAddresses: options.ownAddresses ?? ownAddresses,
    upstream: options.upstream && createUpstream(options.upstream, { clock, limitMs: limits.connect }),
    clock,
    limitMs: limits.connect,
  });
  const open = createOpen({
    dial,
    idleMs: limits.idle,
    onRefused: options.onRefused,
    onProxyProblem: options.onProxyProblem ?? (() => {}),
    onDialled: ({ host, port }, reached) => options.onDialled?.(`${host}:${port}`, reached),
  });
  /** Each with the way to take its deadline back. */
  const clients = new Map<Duplex, () => void>();
  const onAsked = (client: Duplex): void => clients.get(client)?.();
  const http = createHttpSide({ open, limits, onAsked });

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    if (clients.size >= limits.connections) {
      client.destroy();
      return;
    }
    clients.set(
      client,
      clock.after(limits.handshake, () => client.destroy()),
    );
    client.on('error', () => client.destroy());
    client.once('close', () => {
      onAsked(client);
      clients.delete(client);
    });
    client.once('data', (first: Buffer) => {
      client.pause();
      client.unshift(first);
      if (first[0] === SOCKS_VERSION) serveSocks(client, { open, onAsked: () => onAsked(client) });
      else {
        http.emit('connection', client);
        client.resume();
      }
    });
  });

  const folder = mkdtempSync(join(options.folder, FOLDER_PREFIX));
  const socketPath = join(folder, SOCKET_NAME);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= new Promise((resolve) => {
      server.close(() => resolve());
      for (const client of clients.keys()) client.destroy();
      open.closeAll();
    });
    return closing;
  };
  /** Connections end with the proxy: a waiting client learns of it now, not when its patience ends. */
  const fail = (reason: string): void => {
    if (closing !== undefined) return;
    void close();
    options.onGone(reason);
  };
  // A cleaner of the system's temporary files may remove the socket: then no client can connect any more.
  const watcher = watch(folder, { persistent: false }, () => {
    if (!existsSync(socketPath)) fail('its socket was removed');
  });
  watcher.on('error', (error) => fail(error.message));
  server.on('error', (error) => fail(error.message));
  server.once('close', () => {
    watcher.close();
    rmSync(folder, { recursive: true, force: true });
  });
  // A local socket is bound before this returns; a failure comes later as 'error', which no caller could wait for here.
  server.listen(socketPath);
  if (!server.listening) {
    watcher.close();
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`no socket can be made in ${options.folder}`);
  }

  return {
    socketPath,
    update(next) {
      rules = compileRules(next, parseHost);
      open.recheck(rules);
    },
    close,
  };
}
