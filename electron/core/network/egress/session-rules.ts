import { addressKind } from '../../../../shared/egress/address.ts';
import { canonicalHost } from '../../../../shared/egress/host-name.ts';
import type { NetworkRules } from '../../../../shared/egress/rules.ts';
import type { HostRule } from '../../../../shared/model/sandbox-policy.ts';
import { parseHost } from '../../../node/parse-host.ts';

interface SessionHosts {
  /** Where the session's provider is, in the dialect that the agent speaks. */
  readonly baseUrl: string | undefined;
  /** The user pointed the provider there. */
  readonly isOwnEndpoint: boolean;
  /** The hosts that the agent's description names in addition. */
  readonly ofAgent: readonly HostRule[];
}

/** The hosts that a session may reach before the user allows more. Pure. */
export function defaultRules({ baseUrl, isOwnEndpoint, ofAgent }: SessionHosts): NetworkRules {
  const provider = baseUrl === undefined ? NOTHING : rulesOfUrl(baseUrl, isOwnEndpoint);
  return { hosts: [...provider.hosts, ...ofAgent], loopback: provider.loopback };
}

export function withAllowed(rules: NetworkRules, allowed: readonly HostRule[]): NetworkRules {
  return { ...rules, hosts: [...rules.hosts, ...allowed] };
}

const NOTHING: NetworkRules = { hosts: [], loopback: [] };

/** The one service that an address names; on this machine at exactly its port. */
export function rulesOfUrl(baseUrl: string, isOwnEndpoint: boolean): NetworkRules {
  const url = URL.parse(baseUrl);
  const host = url === null ? undefined : canonicalHost(url.hostname, parseHost);
  if (url === null || host === undefined) return NOTHING;
  const port = url.port === '' ? (url.protocol === 'http:' ? 80 : 443) : Number(url.port);
  if (host.kind === 'address' && addressKind(host.address) === 'loopback') {
    return { hosts: [], loopback: [{ address: host.address, port }] };
  }
  if (host.kind === 'name' && host.name === 'localhost') {
    return { hosts: [], loopback: ['127.0.0.1', '::1'].map((address) => ({ address, port })) };
  }
  const text = host.kind === 'name' ? host.name : host.address;
  // A company's own gateway is in its own network: the user who named it may reach it there.
  const rule = { host: text, ports: [port] };
  return { hosts: [isOwnEndpoint ? { ...rule, privateAddresses: true } : rule], loopback: [] };
}
