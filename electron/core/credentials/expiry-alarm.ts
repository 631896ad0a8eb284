import type { Clock } from '../../node/clock.ts';
import { createAlarm } from './alarm.ts';
import type { StoredCredential } from './stored-credential.ts';

/** Rings when the next credential expires: no other event says that. */
export function createExpiryAlarm(options: {
  clock: Clock;
  stored: () => readonly Pick<StoredCredential, 'expiresAt'>[];
  ring: () => void;
}) {
  const { clock, stored, ring } = options;
  const alarm = createAlarm({ clock, ring });
  let stopped = false;
  return {
    /** After the credentials changed. */
    set(): void {
      if (stopped) return;
      const now = clock.now();
      const ends = stored().flatMap(({ expiresAt = 0 }) => (expiresAt > now ? [expiresAt] : []));
      alarm.set(ends.length === 0 ? undefined : Math.min(...ends));
    },
    /** For good. */
    stop(): void {
      stopped = true;
      alarm.set(undefined);
    },
  };
}
