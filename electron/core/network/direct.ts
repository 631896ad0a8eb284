import { addressKind } from '../../../shared/egress/address.ts';
import { compileExceptions } from '../../../shared/egress/exceptions.ts';
import { canonicalHost } from '../../../shared/egress/host-name.ts';
import { parseHost } from '../../node/parse-host.ts';

/** True for an address that is reached without the proxy: an exception, or on this machine, which no proxy can reach. */
export function isDirect({ hostname, port, protocol }: URL, exceptions: readonly string[]): boolean {
  const host = canonicalHost(hostname, parseHost);
  if (host === undefined) return false;
  const isHere = host.kind === 'name' ? host.name === 'localhost' : addressKind(host.address) === 'loopback';
  const number = port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port);
  return isHere || compileExceptions(exceptions, parseHost)(host, number);
}
