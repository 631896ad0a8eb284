import { useEffect, useState } from 'react';
import { useServices } from '../context/services.tsx';

/** The time, told again every `everyMs` while there is something to count; 0 stops the clock. */
export function useNow(everyMs: number): number {
  const { timers } = useServices();
  const [now, setNow] = useState(() => timers.now());
  useEffect(() => {
    if (everyMs === 0) return;
    let cancel = () => {};
    const tick = () => {
      setNow(timers.now());
      cancel = timers.after(everyMs, tick);
    };
    tick();
    return () => cancel();
  }, [timers, everyMs]);
  return now;
}
