import { useCallback, useEffect, useState } from 'react';
import type { TerminalScreen } from '../../shared/contract/methods/terminals.ts';
import { toWireError, type WireError } from '../../shared/errors/perch-error.ts';
import type { TerminalSize } from '../../shared/model/terminal.ts';
import { useLink, useServices } from '../context/services.tsx';

interface TurnTerminal {
  /** Null before the first look, and after the end. */
  readonly screen: TerminalScreen | null;
  readonly error: WireError | null;
  readonly write: (data: string) => void;
  readonly resize: (size: TerminalSize) => void;
}

/** Follows the screen of a turn for as long as it runs and this is looked at, also over a lost connection. */
export function useTurnTerminal(turnId: string): TurnTerminal {
  const { transport } = useServices();
  const isLinked = useLink().kind === 'open';
  const [seen, setSeen] = useState<Pick<TurnTerminal, 'screen' | 'error'>>({ screen: null, error: null });
  useEffect(() => {
    if (!isLinked) return;
    let stopped = false;
    const follow = async () => {
      try {
        for (let after = 0; !stopped; ) {
          const screen = await transport.call('turns.readTerminal', { turnId, after });
          if (stopped) return;
          if (screen.sequence !== after) setSeen({ screen, error: null });
          after = screen.sequence;
          if (screen.progress.state !== 'running') return;
        }
      } catch (error) {
        const wire = toWireError(error);
        // The transcript holds what the terminal left.
        if (!stopped) setSeen({ screen: null, error: wire.code === 'TURN_ALREADY_ENDED' ? null : wire });
      }
    };
    void follow();
    return () => {
      stopped = true;
    };
  }, [transport, turnId, isLinked]);
  // A program that is gone is told by the next look at it.
  const write = useCallback(
    (data: string) => void transport.call('turns.writeTerminal', { turnId, data }).catch(() => {}),
    [transport, turnId],
  );
  const resize = useCallback(
    (size: TerminalSize) => void transport.call('turns.resizeTerminal', { turnId, size }).catch(() => {}),
    [transport, turnId],
  );
  return { ...seen, write, resize };
}
