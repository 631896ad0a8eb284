import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Rules } from '../../../shared/egress/rules.ts';
import type { ProxyProblem, RefusedHost } from '../../../shared/model/egress.ts';
import { type Dial, DialError, UpstreamError } from './dial.ts';
import { joinConnections } from './tunnel.ts';

export interface Target {
  readonly host: string;
  readonly port: number;
}

/** The common part of every protocol: a connection to a target, held to the rules for as long as it lasts. */
export interface Open {
  connection(target: Target): Promise<Socket>;
  /** Dials; the answer joins the client to what was dialled. */
  tunnel(client: Duplex, target: Target): Promise<() => void>;
}

interface OpenConnections extends Open {
  /** Connections to what the rules do not allow any more are cut. */
  recheck(rules: Rules): void;
  closeAll(): void;
}

export function createOpen(options: {
  dial: Dial;
  idleMs: number;
  onRefused: (refused: RefusedHost) => void;
  onProxyProblem: (problem: ProxyProblem) => void;
  /** A host that the rules allow was dialled. */
  onDialled: (target: Target, reached: boolean) => void;
}): OpenConnections {
  const { dial, idleMs, onRefused, onProxyProblem, onDialled } = options;
  const connections = new Map<Socket, Target>();

  async function connection(target: Target): Promise<Socket> {
    try {
      const socket = await dial(target.host, target.port);
      onDialled(target, true);
      connections.set(socket, target);
      socket.once('close', () => connections.delete(socket));
      return socket;
    } catch (error) {
      const why = whyNot(error);
      if (why.kind === 'refused' && why.reason !== undefined)
        onRefused({ host: why.host, port: target.port, reason: why.reason });
      if (why instanceof UpstreamError) onProxyProblem(why.problem);
      if (why.kind !== 'refused') onDialled(target, false);
      throw why;
    }
  }

  return {
    connection,
    async tunnel(client, target) {
      const server = await connection(target);
      if (client.destroyed) server.destroy();
      return () => joinConnections(client, server, idleMs);
    },
    recheck(rules) {
      for (const [socket, { host, port }] of connections) {
        if (rules.decide(host, port).kind === 'refused') socket.destroy();
      }
    },
    closeAll() {
      for (const socket of connections.keys()) socket.destroy();
    },
  };
}

/** Any other error is a mistake in this program, and the target counts as unreachable. */
export function whyNot(error: unknown): DialError {
  return error instanceof DialError ? error : new DialError('unreachable', '');
}
