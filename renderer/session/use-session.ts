import { useEffect, useState } from 'react';
import { toWireError, type WireError } from '../../shared/errors/perch-error.ts';
import type { TurnSummary } from '../../shared/model/run-event.ts';
import { useServices, useSlices } from '../context/services.tsx';
import { turnsOfSession } from '../stores/select.ts';

/** Turns fetched of one session; older ones are left out of the view. */
const LIMIT = 200;

type Session =
  | { readonly state: 'loading' }
  | { readonly state: 'error'; readonly error: WireError }
  /** `turns`: oldest first, at least one. `turn`: the one that was asked for. */
  | { readonly state: 'ready'; readonly turn: TurnSummary; readonly turns: readonly TurnSummary[] };

/** The conversation around a turn: from the state where it is recent, else fetched. */
export function useSession(turnId: string): Session {
  const app = useSlices('turns');
  const { transport } = useServices();
  const [asked, setAsked] = useState<{ turnId: string; turn: TurnSummary } | null>(null);
  const [earlier, setEarlier] = useState<readonly TurnSummary[]>([]);
  const [error, setError] = useState<{ turnId: string; error: WireError } | null>(null);

  const live = app.turns.find((turn) => turn.turnId === turnId);
  const isLive = live !== undefined;
  useEffect(() => {
    if (isLive) return;
    let wanted = true;
    transport.call('turns.get', { turnId }).then(
      ({ turn }) => wanted && setAsked({ turnId, turn }),
      (failure: unknown) => wanted && setError({ turnId, error: toWireError(failure) }),
    );
    return () => {
      wanted = false;
    };
  }, [transport, turnId, isLive]);

  const turn = live ?? (asked?.turnId === turnId ? asked.turn : undefined);
  const sessionId = turn?.sessionId;
  useEffect(() => {
    if (sessionId === undefined) return;
    let wanted = true;
    transport.call('turns.list', { sessionId, limit: LIMIT }).then(
      ({ turns }) => wanted && setEarlier(turns),
      // The turn itself is there already; its neighbours show once the link is back.
      (failure: unknown) => wanted && setError({ turnId: sessionId, error: toWireError(failure) }),
    );
    return () => {
      wanted = false;
    };
  }, [transport, sessionId]);

  if (turn === undefined)
    return error?.turnId === turnId ? { state: 'error', error: error.error } : { state: 'loading' };
  return { state: 'ready', turn, turns: turnsOfSession(turn.sessionId, [...earlier, turn], app.turns) };
}
