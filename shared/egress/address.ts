import ipaddr, { type IPv4, type IPv6 } from 'ipaddr.js';

/** Where an address leads. `public` is all that a session reaches by default. */
type AddressKind = 'public' | 'private' | 'loopback' | 'forbidden';

/** Public to the registries, a cloud's own services to every machine in it. */
const CLOUD_SERVICES: readonly string[] = ['168.63.129.16'];

/**
 * The kind of an address in any notation. IPv4 in IPv6 (mapped, NAT64) is judged by the IPv4 that is dialled in the
 * end. Metadata services are link-local, CGNAT, unique local or reserved, so they are `private` or `forbidden` without
 * a list; the one that is not is named above.
 */
export function addressKind(text: string): AddressKind {
  // A zone says which link: only link-local addresses have one.
  if (text.includes('%') || !ipaddr.isValid(text)) return 'forbidden';
  const address = ipaddr.process(text);
  return address.kind() === 'ipv4' ? kindOfIPv4(address as IPv4) : kindOfIPv6(address as IPv6);
}

function kindOfIPv4(address: IPv4): AddressKind {
  if (CLOUD_SERVICES.includes(address.toString())) return 'forbidden';
  switch (address.range()) {
    case 'unicast':
      return 'public';
    case 'private':
      return 'private';
    case 'loopback':
      return 'loopback';
    default:
      return 'forbidden';
  }
}

const GLOBAL = ipaddr.parseCIDR('2000::/3') as [IPv6, number];
/** RFC 6052: a resolver of a network without IPv4 answers with these. */
const NAT64 = ipaddr.parseCIDR('64:ff9b::/96') as [IPv6, number];
/** The cloud's metadata service under a unique local address. */
const METADATA = ipaddr.parseCIDR('fd00:ec2::/32') as [IPv6, number];

function kindOfIPv6(address: IPv6): AddressKind {
  if (address.match(NAT64)) return kindOfIPv4(new ipaddr.IPv4(address.toByteArray().slice(12)));
  switch (address.range()) {
    case 'unicast':
      return address.match(GLOBAL) && !isIsatap(address) ? 'public' : 'forbidden';
    case 'uniqueLocal':
      return address.match(METADATA) ? 'forbidden' : 'private';
    case 'loopback':
      return 'loopback';
    default:
      return 'forbidden';
  }
}

/** RFC 5214: an IPv4 address hidden in the last half. */
function isIsatap(address: IPv6): boolean {
  const [, , , , fifth, sixth] = address.parts;
  return (fifth === 0 || fifth === 0x0200) && sixth === 0x5efe;
}
