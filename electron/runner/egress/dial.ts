import type { Socket } from 'node:net';
import ipaddr from 'ipaddr.js';
import { addressKind } from '../../../shared/egress/address.ts';
import { mayDial, type Refusal, type Rules } from '../../../shared/egress/rules.ts';
import type { ProxyProblem } from '../../../shared/model/egress.ts';
import type { Clock } from '../../node/clock.ts';
import type { Connect } from './connect.ts';
import type { Resolve } from './resolve.ts';
import type { Upstream } from './upstream.ts';

/** Why there is no connection: by the rules, or because the other side did not answer. */
export class DialError extends Error {
  override readonly name: string = 'DialError';
  readonly kind: 'refused' | 'unreachable' | 'too-late' | 'proxy';
  readonly host: string;
  readonly reason: Refusal | undefined;

  constructor(kind: DialError['kind'], host: string, reason?: Refusal) {
    super(reason === undefined ? `${host}: ${kind}` : `${host}: ${kind} (${reason})`);
    this.kind = kind;
    this.host = host;
    this.reason = reason;
  }
}

/** The proxy of the user's network is no way there. */
export class UpstreamError extends DialError {
  override readonly name = 'UpstreamError';
  readonly problem: ProxyProblem;

  constructor(problem: ProxyProblem, host: string) {
    super('proxy', host);
    this.problem = problem;
  }
}

interface DialDependencies {
  readonly rules: () => Rules;
  readonly resolve: Resolve;
  readonly connect: Connect;
  readonly ownAddresses: () => ReadonlySet<string>;
  /** Asked for whatever it takes, instead of resolving it here. */
  readonly upstream: Upstream | undefined;
  readonly clock: Clock;
  readonly limitMs: number;
}

export type Dial = (host: string, port: number) => Promise<Socket>;

/**
 * A connection to what the rules allow. A name is resolved once; what is dialled is an address of that answer that was
 * checked, so a resolver that changes its mind changes nothing.
 * Rejects with DialError.
 */
export function createDial(deps: DialDependencies): Dial {
  return async (host, port) => {
    const decision = deps.rules().decide(host, port);
    if (decision.kind === 'refused') throw new DialError('refused', decision.host, decision.reason);
    if (decision.kind === 'addresses') {
      const [first = ''] = decision.addresses;
      const byProxy =
        addressKind(first) !== 'loopback' && deps.upstream?.takes({ kind: 'address', address: first }, port);
      if (byProxy && deps.upstream !== undefined) return deps.upstream.dial(first, port);
      return open({ host, port, addresses: decision.addresses }, deps);
    }
    const { name, privateAddresses } = decision;
    if (deps.upstream?.takes({ kind: 'name', name }, port)) return deps.upstream.dial(name, port);
    const found = await resolveName(name, deps);
    const own = deps.ownAddresses();
    const addresses = found.filter((address) => mayDial(address, privateAddresses) && !own.has(canonical(address)));
    if (addresses.length === 0) throw new DialError('refused', name, 'address');
    return open({ host: name, port, addresses }, deps);
  };
}

function canonical(address: string): string {
  return ipaddr.process(address).toString();
}

async function resolveName(name: string, { resolve, clock, limitMs }: DialDependencies): Promise<readonly string[]> {
  const tooLate = Promise.withResolvers<never>();
  const takeBack = clock.after(limitMs, () => tooLate.reject(new DialError('too-late', name)));
  const answer = resolve(name).then(
    (addresses) => addresses.filter((address) => ipaddr.isValid(address)),
    () => {
      throw new DialError('unreachable', name, 'resolution');
    },
  );
  try {
    return await Promise.race([answer, tooLate.promise]);
  } finally {
    takeBack();
  }
}

interface Target {
  readonly host: string;
  readonly port: number;
  /** Checked. Nothing else is dialled. */
  readonly addresses: readonly string[];
}

function open({ host, port, addresses }: Target, { connect, clock, limitMs }: DialDependencies): Promise<Socket> {
  const opened = Promise.withResolvers<Socket>();
  const socket = connect(addresses, port);
  const takeBack = clock.after(limitMs, () => {
    opened.reject(new DialError('too-late', host));
    socket.destroy();
  });
  socket.once('connect', () => opened.resolve(socket));
  // Stays: a socket without a listener would take the runner along with its error.
  socket.on('error', () => opened.reject(new DialError('unreachable', host)));
  return opened.promise.finally(takeBack);
}
