import ipaddr, { type IPv4, type IPv6 } from 'ipaddr.js';
import { defined } from '../defined.ts';
import { canonicalHost, type Host, type ParseHost, splitAuthority } from './host-name.ts';

/** True when a host is reached without the proxy of the user's network. */
type IsException = (host: Host, port: number) => boolean;

/**
 * One exception in its stored and shown form; undefined for any other text. `example.com`: it and every name below.
 * `*.example.com`: those below. `192.0.2.1`, `192.0.2.0/24`, `fd00::/8`: numeric hosts. Each may end in `:PORT`, IPv6
 * in brackets then. `*`: all.
 */
export function canonicalException(text: string, parseHost: ParseHost): string | undefined {
  const parsed = parse(text.trim().toLowerCase(), parseHost);
  return parsed?.text;
}

/** Texts that are no exception are left out: they were refused when they were set. */
export function compileExceptions(texts: readonly string[], parseHost: ParseHost): IsException {
  const all = texts.map((text) => parse(text, parseHost)).filter((one) => one !== undefined);
  return (host, port) => all.some((one) => (one.port === undefined || one.port === port) && one.matches(host));
}

interface Parsed {
  readonly text: string;
  readonly port?: number;
  readonly matches: (host: Host) => boolean;
}

function parse(text: string, parseHost: ParseHost): Parsed | undefined {
  if (text === '*') return { text, matches: () => true };
  if (text.includes('/')) return parseRange(text);
  const bare = ipaddr.IPv6.isValid(text) ? { host: text, port: undefined } : withPort(text);
  if (bare === undefined) return undefined;
  const below = /^\*?\./.test(bare.host);
  const host = canonicalHost(below ? bare.host.replace(/^\*?\./, '') : bare.host, parseHost);
  if (host === undefined || (below && host.kind === 'address')) return undefined;
  const name = host.kind === 'name' ? host.name : host.address;
  const shown = bare.port !== undefined && name.includes(':') ? `[${name}]` : name;
  return {
    text: `${below ? '*.' : ''}${shown}${bare.port === undefined ? '' : `:${bare.port}`}`,
    ...defined({ port: bare.port }),
    matches: (other) => matchesHost(other, host, below),
  };
}

function withPort(text: string): { host: string; port: number | undefined } | undefined {
  if (!/:\d+$/.test(text)) return { host: text, port: undefined };
  return splitAuthority(text);
}

function matchesHost(other: Host, host: Host, below: boolean): boolean {
  if (host.kind === 'address') return other.kind === 'address' && other.address === host.address;
  if (other.kind !== 'name') return false;
  return other.name.endsWith(`.${host.name}`) || (!below && other.name === host.name);
}

function parseRange(text: string): Parsed | undefined {
  if (!ipaddr.isValidCIDR(text)) return undefined;
  const [base, bits] = ipaddr.parseCIDR(text);
  return {
    text: `${base.toString()}/${bits}`,
    matches(host) {
      if (host.kind !== 'address') return false;
      const address = ipaddr.parse(host.address);
      if (address.kind() !== base.kind()) return false;
      return address.kind() === 'ipv4'
        ? (address as IPv4).match(base as IPv4, bits)
        : (address as IPv6).match(base as IPv6, bits);
    },
  };
}
