import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';

/** Resolves a name to all its addresses, in the order in which they should be tried. Rejects when there is none. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/** Resolves as every program of this machine does: by its hosts file, its resolver, its VPN. */
export const systemResolve: Resolve = async (name) =>
  (await lookup(name, { all: true, order: 'verbatim' })).map(({ address }) => address);

/** This machine's own addresses: what listens on them is as little for a session as loopback. */
export function ownAddresses(): ReadonlySet<string> {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return new Set(all.map(({ address }) => address.replace(/%.*$/, '')));
}
