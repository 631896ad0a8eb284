import type { NetworkRules } from '../../../shared/egress/rules.ts';
import type { HostRule, SandboxNetwork } from '../../../shared/model/sandbox-policy.ts';
import { defaultRules, withAllowed } from '../network/egress/session-rules.ts';
import type { AgentProviders } from './ports.ts';
import type { Situation } from './situation.ts';

interface SessionNetwork {
  readonly network: SandboxNetwork;
  /** Without the user's own hosts; undefined when nothing holds the session back. */
  readonly defaultRules: NetworkRules | undefined;
}

/** Platforms whose backend can hold a session to a proxy. */
const HOLDS_TO_PROXY: readonly string[] = ['linux', 'darwin'];

/** The hosts of a session: its provider's, the agent's, those of its MCP servers, the user's. */
export function sessionNetwork(
  { agent, effective, settings }: Situation,
  {
    registry,
    platform,
    allowed,
    servers,
  }: { registry: AgentProviders; platform: string; allowed: readonly HostRule[]; servers?: NetworkRules },
): SessionNetwork {
  if (settings.sandbox === 'off' || !HOLDS_TO_PROXY.includes(platform)) {
    return { network: { kind: 'shared' }, defaultRules: undefined };
  }
  const providerId = effective.provider.state === 'derived' ? effective.provider.providerId : undefined;
  // In `managed` a session reaches its provider through the gateway only.
  const isDirect = effective.auth.mode === 'byo';
  const used = isDirect ? agent.providers.find((one) => one.providerId === providerId) : undefined;
  const provider = used === undefined ? undefined : registry.get(used.providerId);
  const own = defaultRules({
    baseUrl: used === undefined ? undefined : provider?.baseUrl(used.dialect),
    isOwnEndpoint: provider?.override !== undefined,
    ofAgent: agent.network,
  });
  const rules = {
    hosts: [...own.hosts, ...(servers?.hosts ?? [])],
    loopback: [...own.loopback, ...(servers?.loopback ?? [])],
  };
  return { network: { kind: 'proxy', ...withAllowed(rules, allowed) }, defaultRules: rules };
}
