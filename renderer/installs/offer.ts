import type { AgentView } from '../../shared/model/agent.ts';
import { compareVersions } from '../../shared/versions.ts';

export type Offer =
  | { readonly kind: 'install'; readonly version: string }
  /** Perch's own, or one that is older than what is known to work. */
  | { readonly kind: 'update'; readonly version: string };

/** The installation that Perch offers; undefined when it would change nothing, or is not possible. */
export function offerOf(agent: AgentView): Offer | undefined {
  const { installation, install, readiness } = agent;
  if (install === undefined || installation.state === 'checking') return undefined;
  const { version } = install;
  if (installation.state !== 'found') return { kind: 'install', version };
  const own = ownVersion(agent);
  if (own !== undefined) return compareVersions(own, version) < 0 ? { kind: 'update', version } : undefined;
  if (installation.olderThan !== undefined) return { kind: 'update', version };
  const lacksAdapter = readiness.state === 'not-ready' && readiness.error.code === 'AGENT_ADAPTER_MISSING';
  return lacksAdapter ? { kind: 'install', version } : undefined;
}

/** The version that Perch installed; empty when it does not tell, undefined when there is none. */
export function ownVersion({ installation }: AgentView): string | undefined {
  if (installation.state !== 'found') return undefined;
  const own = [installation, ...(installation.others ?? [])].find(({ source }) => source === 'installed');
  return own === undefined ? undefined : (own.version ?? '');
}
