import type { AgentView } from '../../shared/model/agent.ts';
import { useRoute, useSlices } from '../context/services.tsx';

/** True when the conversation on the screen waits for this very credential: its card says why, and has the way out. */
export function useToldInConversation(agent: AgentView | undefined): boolean {
  const { turns } = useSlices('turns');
  const route = useRoute();
  if (route.view !== 'session') return false;
  const shown = turns.find(({ turnId }) => turnId === route.turnId)?.sessionId;
  return turns.some(
    ({ status, sessionId, agentId }) =>
      status === 'waiting-for-credential' && sessionId === shown && agentId === agent?.agentId,
  );
}
