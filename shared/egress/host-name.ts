import ipaddr from 'ipaddr.js';

/** A destination's host after every notation it could have been written in is gone. */
export type Host =
  | { readonly kind: 'name'; readonly name: string }
  /** In canonical text: IPv4 as four decimals, also where it came as IPv4 in IPv6. */
  | { readonly kind: 'address'; readonly address: string };

/** The URL standard's host parser, as the room has it: lower case, IDNA, IPv4 in any notation. `''` when it is none. */
export type ParseHost = (text: string) => string;

/**
 * The one place where a host is read (a CVE each: a NUL byte that ends the name for the resolver only, an octal
 * address that is no address to the check). Undefined for what is no host: control characters, percent signs, zone
 * ids, empty labels, names too long for DNS.
 */
export function canonicalHost(text: string, parseHost: ParseHost): Host | undefined {
  const bare = text.replace(/^\[(.*)\]$/s, '$1');
  if (bare.includes(':')) return /^[0-9a-f:.]+$/i.test(bare) ? addressHost(bare) : undefined;
  // A bracket belongs to IPv6 alone. Whatever else is no letter, digit, dot, hyphen or underscore ends a host somewhere.
  if (bare !== text || !/^[\p{L}\p{M}\p{N}._-]+$/u.test(text)) return undefined;
  const parsed = parseHost(text);
  const name = parsed.endsWith('.') ? parsed.slice(0, -1) : parsed;
  if (ipaddr.IPv4.isValidFourPartDecimal(name)) return addressHost(name);
  return isDnsName(name) ? { kind: 'name', name } : undefined;
}

function isDnsName(name: string): boolean {
  if (name.length > 253) return false;
  return name.split('.').every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));
}

function addressHost(text: string): Host | undefined {
  if (!ipaddr.isValid(text)) return undefined;
  return { kind: 'address', address: ipaddr.process(text).toString() };
}

/** Host and port as `CONNECT` and absolute URLs name them: `example.com:443`, `[::1]:8080`. */
export function splitAuthority(authority: string, defaultPort?: number): { host: string; port: number } | undefined {
  const match = /^(\[[^[\]]*\]|[^:[\]]*)(?::(\d{1,5}))?$/.exec(authority);
  const host = match?.[1] ?? '';
  const port = match?.[2] === undefined ? defaultPort : Number(match[2]);
  if (host === '' || port === undefined || port < 1 || port > 65_535) return undefined;
  return { host, port };
}
