import type { WireError } from '../../shared/errors/perch-error.ts';
import type { AgentView } from '../../shared/model/agent.ts';
import type { ConnectionState } from '../../shared/model/connection-state.ts';
import type { LinkState } from '../transport/transport.ts';

/** The reason why nothing can be sent now. `said`: another part of the window says it already, and once is enough. */
export type PromptBlock =
  | { readonly kind: 'said' }
  | { readonly kind: 'reason'; readonly key: string }
  | { readonly kind: 'error'; readonly error: WireError };

export function promptBlock(
  link: LinkState,
  connection: ConnectionState,
  agent: AgentView | undefined,
): PromptBlock | null {
  if (link.kind !== 'open') return { kind: 'said' };
  if (connection.kind === 'needs-sign-in' || connection.kind === 'failed') return { kind: 'said' };
  if (connection.kind !== 'connected') return { kind: 'reason', key: `prompt.blocked.${connection.kind}` };
  if (agent === undefined) return { kind: 'reason', key: 'prompt.blocked.noAgent' };
  if (agent.readiness.state === 'checking') return { kind: 'reason', key: 'prompt.blocked.checking' };
  return agent.readiness.state === 'not-ready' ? { kind: 'error', error: agent.readiness.error } : null;
}
