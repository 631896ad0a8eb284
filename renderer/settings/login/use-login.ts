import { useEffect, useState } from 'react';
import type { Params, Result } from '../../../shared/contract/methods.ts';
import { toWireError, type WireError } from '../../../shared/errors/perch-error.ts';
import { useServices } from '../../context/services.tsx';
import type { Transport } from '../../transport/transport.ts';

export type Screen = Result<'terminals.read'>;

interface RunningLogin {
  readonly terminalId: string | null;
  readonly screen: Screen | null;
  /** The terminal could not be started, or is no longer this window's. */
  readonly error: WireError | null;
}

/** Wide enough that neither a token nor a login's address wraps. */
const SIZE = { columns: 500, rows: 24 };

/** Starts a login, or goes on with the one that runs, and follows its screen until this goes away. */
export function useLogin(start: Omit<Params<'terminals.start'>, 'size'>): RunningLogin {
  const { transport } = useServices();
  const [login, setLogin] = useState<RunningLogin>({ terminalId: null, screen: null, error: null });
  const [params] = useState(start);
  useEffect(() => {
    let stopped = false;
    const change = (patch: Partial<RunningLogin>) => {
      if (!stopped) setLogin((before) => ({ ...before, ...patch }));
    };
    void follow({ transport, params, isStopped: () => stopped, change });
    return () => {
      stopped = true;
    };
  }, [transport, params]);
  return login;
}

async function follow(options: {
  transport: Transport;
  params: Omit<Params<'terminals.start'>, 'size'>;
  isStopped: () => boolean;
  change: (patch: Partial<RunningLogin>) => void;
}): Promise<void> {
  const { transport, params, isStopped, change } = options;
  try {
    const { terminalId } = await transport.call('terminals.start', { ...params, size: SIZE });
    change({ terminalId });
    for (let after = 0; !isStopped(); ) {
      const screen = await transport.call('terminals.read', { terminalId, after });
      if (screen.sequence !== after) change({ screen });
      after = screen.sequence;
      const { progress, capture } = screen;
      if (progress.state !== 'running' && (capture.state === 'none' || capture.state === 'stored')) return;
    }
  } catch (error) {
    change({ error: toWireError(error) });
  }
}
