import type { Clock } from '../../node/clock.ts';
import { type Heartbeat, heard, onDue } from './heartbeat.ts';

/** Watches over one connected runner until it is stopped or gives up, which it tells once. */
export function watchHeartbeat(options: {
  clock: Clock;
  /** Resolves when the runner answered. A rejection is no sign of life. */
  ping: () => Promise<unknown>;
  onSuspect: () => void;
  onSilent: () => void;
}): { stop(): void } {
  const { clock, ping, onSuspect, onSilent } = options;
  let heartbeat: Heartbeat = heard(clock.now());
  let cancelTimer = () => {};
  let stopped = false;

  const follow = (next: Heartbeat) => {
    heartbeat = next;
    cancelTimer();
    cancelTimer = clock.after(next.due - clock.now(), fire);
  };
  const ask = () => {
    ping().then(
      () => !stopped && follow(heard(clock.now())),
      // A refused or lost ping leaves the watch running: the silence that follows, or the exit, tells.
      () => {},
    );
  };
  const fire = () => {
    const { action, next } = onDue(heartbeat, clock.now());
    if (action === 'give-up') {
      stopped = true;
      return onSilent();
    }
    if (action === 'warn-and-ask') onSuspect();
    follow(next);
    ask();
  };
  follow(heartbeat);

  return {
    stop() {
      stopped = true;
      cancelTimer();
    },
  };
}
