import type { HostRule, SandboxNetwork } from '../model/sandbox-policy.ts';
import { addressKind } from './address.ts';
import { canonicalHost, type Host, type ParseHost } from './host-name.ts';

/** The hosts that a session may reach. Without a rule: none. */
export type NetworkRules = Pick<Extract<SandboxNetwork, { kind: 'proxy' }>, 'hosts' | 'loopback'>;

/** Why a destination was refused. */
export const REFUSALS = ['not-a-host', 'not-allowed', 'port', 'address', 'resolution'] as const;
export type Refusal = (typeof REFUSALS)[number];

type Decision =
  /** To be resolved; only addresses of these kinds may be dialled. */
  | { readonly kind: 'name'; readonly name: string; readonly privateAddresses: boolean }
  | { readonly kind: 'addresses'; readonly addresses: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: Refusal; readonly host: string };

export interface Rules {
  decide(host: string, port: number): Decision;
}

/** Raised when a rule is no rule: then none of the set is taken. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
}

interface Compiled {
  /** Begins with a dot for a wildcard. */
  readonly host: string;
  readonly ports: ReadonlySet<number>;
  readonly privateAddresses: boolean;
}

/**
 * A set of rules, whole or not at all.
 * @throws RuleError
 */
export function compileRules({ hosts, loopback }: NetworkRules, parseHost: ParseHost): Rules {
  const rules = hosts.map((rule) => compile(rule, parseHost));
  const local = loopback.map(({ address, port }) => {
    const host = canonicalHost(address, parseHost);
    if (host?.kind !== 'address' || addressKind(host.address) !== 'loopback' || !isPort(port)) {
      throw new RuleError(`${address}:${port} is not on this machine`);
    }
    return { address: host.address, port };
  });
  return {
    decide(text, port) {
      const host = canonicalHost(text, parseHost);
      if (host === undefined || !isPort(port)) return refused('not-a-host', printable(text));
      const own = local.filter((one) => one.port === port && isNamedBy(host, one.address));
      if (own.length > 0) return { kind: 'addresses', addresses: own.map(({ address }) => address) };
      return decideByRules(host, port, rules);
    },
  };
}

function decideByRules(host: Host, port: number, rules: readonly Compiled[]): Decision {
  const text = host.kind === 'name' ? host.name : host.address;
  const matching = rules.filter((rule) => matches(rule.host, host));
  if (matching.length === 0) return refused('not-allowed', text);
  const open = matching.filter(({ ports }) => ports.has(port));
  if (open.length === 0) return refused('port', text);
  const privateAddresses = open.some((rule) => rule.privateAddresses);
  if (host.kind === 'name') return { kind: 'name', name: host.name, privateAddresses };
  if (mayDial(host.address, privateAddresses)) return { kind: 'addresses', addresses: [host.address] };
  return refused('address', text);
}

/** True when a rule's address, or one that a rule's name resolved to, may be dialled. */
export function mayDial(address: string, privateAddresses: boolean): boolean {
  const kind = addressKind(address);
  return kind === 'public' || (kind === 'private' && privateAddresses);
}

function refused(reason: Refusal, host: string): Decision {
  return { kind: 'refused', reason, host };
}

/** `localhost` is whichever of the two a resolver would have said. */
function isNamedBy(host: Host, address: string): boolean {
  if (host.kind === 'address') return host.address === address;
  return host.name === 'localhost' && (address === '127.0.0.1' || address === '::1');
}

function matches(rule: string, host: Host): boolean {
  if (host.kind === 'address') return rule === host.address;
  return rule.startsWith('.') ? host.name.endsWith(rule) : host.name === rule;
}

function compile({ host, ports, privateAddresses }: HostRule, parseHost: ParseHost): Compiled {
  const canonical = canonicalRule(host, parseHost);
  if (canonical === undefined) throw new RuleError(`${printable(host)} is no host`);
  if (ports.length === 0 || !ports.every(isPort)) throw new RuleError(`${canonical}: not every port is one`);
  return {
    host: canonical.replace(/^\*/, ''),
    ports: new Set(ports),
    privateAddresses: privateAddresses ?? false,
  };
}

/** A rule's host as it is kept and shown: `example.com`, `*.example.com`, `192.0.2.1`. Undefined when it is none. */
export function canonicalRule(text: string, parseHost: ParseHost): string | undefined {
  const wildcard = text.startsWith('*.');
  const host = canonicalHost(wildcard ? text.slice(2) : text, parseHost);
  if (host === undefined) return undefined;
  if (host.kind === 'address') return wildcard ? undefined : host.address;
  // `*.com` would be half of the world.
  if (wildcard && !host.name.includes('.')) return undefined;
  return wildcard ? `*.${host.name}` : host.name;
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

/** The requested target may be anything, and a person reads it. */
function printable(text: string): string {
  return text.replace(/[^\x21-\x7e]/g, '�').slice(0, 253);
}
