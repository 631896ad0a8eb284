import type { Timers } from './timers.ts';

/** Milliseconds between two questions, and until an answer is missed: a frozen host is noticed within their sum. */
export const PING_EVERY = 3000;
export const PING_PATIENCE = 6000;

/**
 * Asks the other end again and again whether it is there. A host that is frozen keeps its socket open and says
 * nothing: only an answer that does not come tells. An error is an answer too.
 */
export function startHeartbeat(options: {
  timers: Pick<Timers, 'after'>;
  ping: () => Promise<unknown>;
  /** Once, then the heartbeat has stopped. */
  onSilence: () => void;
}): () => void {
  const { timers, ping, onSilence } = options;
  let cancel = () => {};
  let stopped = false;
  const stop = () => {
    stopped = true;
    cancel();
  };
  const wait = () => {
    cancel = timers.after(PING_EVERY, ask);
  };
  const ask = () => {
    cancel = timers.after(PING_PATIENCE, () => {
      if (stopped) return;
      stop();
      onSilence();
    });
    const answered = () => {
      if (stopped) return;
      cancel();
      wait();
    };
    ping().then(answered, answered);
  };
  wait();
  return stop;
}
