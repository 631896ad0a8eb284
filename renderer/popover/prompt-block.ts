import { isAwaited } from '../../shared/errors/awaited.ts';
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
  if (connection.kind === 'failed') return { kind: 'said' };
  // Being signed out is about the selected agent alone: the agent that is asked says it more exactly.
  if (connection.kind !== 'connected' && connection.kind !== 'needs-sign-in')
    return { kind: 'reason', key: `prompt.blocked.${connection.kind}` };
  if (agent === undefined) return { kind: 'reason', key: 'prompt.blocked.noAgent' };
  if (agent.readiness.state === 'checking') return { kind: 'reason', key: 'prompt.blocked.checking' };
  if (agent.readiness.state === 'ready' || willWait(agent)) return null;
  return { kind: 'error', error: agent.readiness.error };
}

/** A prompt is sent all the same, and waits in its conversation, which has the way out. */
export function willWait(agent: AgentView | undefined): boolean {
  return agent?.readiness.state === 'not-ready' && isAwaited(agent.readiness.error);
}
