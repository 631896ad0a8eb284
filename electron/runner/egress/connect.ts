import { connect, type Socket } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Begins to connect to one of these addresses, and to nothing else. */
export type Connect = (addresses: readonly string[], port: number) => Socket;

/** Milliseconds for one address before the next is tried; the last has as long as the whole. */
const ATTEMPT_MS = 2_500;

export const connectToAddress: Connect = (addresses, port) => {
  const answer = addresses.map((address) => ({ address, family: ipaddr.parse(address).kind() === 'ipv6' ? 6 : 4 }));
  return connect({
    // Never looked up: `lookup` answers with what was checked, and Node tries those in turn.
    host: 'checked.invalid',
    port,
    lookup: (_name, _options, done) => done(null, answer),
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ATTEMPT_MS,
    allowHalfOpen: true,
    noDelay: true,
  });
};
