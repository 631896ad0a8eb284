import { useEffect, useState } from 'react';
import type { LogName } from '../../shared/model/log-position.ts';
import type { TurnSummary } from '../../shared/model/run-event.ts';
import { useServices, useSlices, useT } from '../context/services.tsx';
import { agentName } from '../stores/select.ts';

/** The name of a log, as people know it: Perch's own by their names, a session's by its agent and what was asked. */
export function useLogTitle(log: LogName, turnId: string | undefined): string {
  const t = useT();
  const app = useSlices('agents');
  const turn = useTurn(log, turnId);
  if (log === 'runner' || log === 'core') return t(`log.${log}`);
  if (turn === undefined) return t('log.session', { session: log.slice('session:'.length, 16) });
  const agent = agentName(app, turn.agentId);
  return turn.promptPreview === '' ? t('log.of', { agent }) : t('log.ofTurn', { agent, prompt: turn.promptPreview });
}

/** The turn that led to the log, else the newest one of its session; one that is long ago is asked for. */
function useTurn(log: LogName, turnId: string | undefined): TurnSummary | undefined {
  const { turns } = useSlices('turns');
  const { transport } = useServices();
  const [asked, setAsked] = useState<TurnSummary>();
  const known = turns.find((turn) =>
    turnId === undefined ? `session:${turn.sessionId}` === log : turn.turnId === turnId,
  );
  const unknown = known === undefined && log.startsWith('session:') ? turnId : undefined;
  useEffect(() => {
    if (unknown === undefined) return;
    let shown = true;
    // A turn that is gone has a log without a name: its id stands in the title then.
    transport.call('turns.get', { turnId: unknown }).then(
      ({ turn }) => shown && setAsked(turn),
      () => undefined,
    );
    return () => {
      shown = false;
    };
  }, [transport, unknown]);
  return known ?? (asked?.turnId === unknown ? asked : undefined);
}
