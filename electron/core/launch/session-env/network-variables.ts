import { proxyVariables } from '../../../../shared/egress/inside.ts';
import type { SandboxNetwork } from '../../../../shared/model/sandbox-policy.ts';
import type { NetworkOfSessions } from '../../network/network-service.ts';

interface NetworkVariable {
  readonly name: string;
  readonly value: string;
  /** A locale key, one of NETWORK_REASONS. */
  readonly reason: string;
}

export const NETWORK_REASONS: readonly string[] = [
  'reason.network-sandbox',
  'reason.network-proxy',
  'reason.network-certificates',
  'reason.network-certificates-added',
];

/** Read as an addition to what a program trusts: Node and Bun, so most agents. */
const ADDING = ['NODE_EXTRA_CA_CERTS'] as const;
/** Read instead of what a program trusts: OpenSSL, Go, Rust; Python; curl; git; Codex, which takes either. */
const REPLACING = [
  'SSL_CERT_FILE',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'CODEX_CA_CERTIFICATE',
] as const;

/**
 * How a session finds the network: the way out of its sandbox, or the proxy of the user's network where it has no
 * sandbox to get out of; and the user's own certificates.
 */
export function networkVariables(network: SandboxNetwork, own: NetworkOfSessions | undefined): NetworkVariable[] {
  return [...proxies(network, own?.proxy), ...certificates(own?.certificates)];
}

function proxies(network: SandboxNetwork, proxy: NetworkOfSessions['proxy']): NetworkVariable[] {
  if (network.kind === 'proxy') return named(proxyVariables(), 'reason.network-sandbox');
  // Its user name would need its password, and that is no session's business.
  if (network.kind === 'none' || proxy === undefined || proxy.userName !== undefined) return [];
  const exceptions = proxy.exceptions.map((text) => text.replace(/^\*\./, '.'));
  return named(proxyVariables({ url: proxy.url, exceptions }), 'reason.network-proxy');
}

function certificates(files: NetworkOfSessions['certificates']): NetworkVariable[] {
  if (files === undefined) return [];
  const to = (file: string) => (name: string) => [name, file] as const;
  return [
    ...named(ADDING.map(to(files.own)), 'reason.network-certificates-added'),
    ...named(REPLACING.map(to(files.all)), 'reason.network-certificates'),
  ];
}

function named(variables: readonly (readonly [name: string, value: string])[], reason: string): NetworkVariable[] {
  return variables.map(([name, value]) => ({ name, value, reason }));
}
