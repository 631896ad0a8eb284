import { defined } from '../../../shared/defined.ts';
import type { Continuation } from '../../../shared/runner-protocol/protocol.ts';
import type { LaterRunEvent } from './active-turn.ts';
import type { OpenedSession } from './sessions.ts';

type Notice = Extract<LaterRunEvent, { type: 'notice' }>;

/** The events with which a turn tells of the session that was opened for it. `hadTurns`: it is not the first turn. */
export function sessionEvents(
  { how, started }: Pick<OpenedSession, 'how' | 'started'>,
  { sessionId, isTerminal, hadTurns }: { sessionId: string; isTerminal: boolean; hadTurns: boolean },
): LaterRunEvent[] {
  const { agentName, agentVersion, pid, sandbox, continuation } = started;
  // A program in a terminal has no conversation to go on with.
  const isNew = how === 'reused' || isTerminal || !hadTurns;
  const unsupported = how === 'reused' ? [] : (started.mcpUnsupported ?? []);
  return [
    ...(isNew ? [] : [notice('info', continuationKey(how, continuation))]),
    ...unsupported.map(({ name, transport }) =>
      notice('warn', 'notice.mcp-unsupported', { server: name, transport, agent: agentName }),
    ),
    {
      type: 'session.started',
      sessionId,
      agentName,
      ...defined({ agentVersion }),
      pid,
      sandbox,
      ...(isTerminal ? { terminal: true } : {}),
    },
  ];
}

/** The notice about an agent that was started again in the middle of a conversation. */
function continuationKey(how: OpenedSession['how'], continuation: Continuation | undefined): string {
  if (continuation === 'continued') return 'notice.session-continued';
  if (continuation === 'refused') return 'notice.session-not-continued';
  return how === 'replaced' ? 'notice.session-replaced' : 'notice.session-restarted';
}

function notice(level: Notice['level'], key: string, values: Notice['values'] = {}): Notice {
  return { type: 'notice', level, key, values };
}
