/** Milliseconds. The two waits together are how long a runner may be silent after its last sign of life. */
export const HEARTBEAT = { interval: 5_000, firstWait: 6_000, secondWait: 5_000 } as const;

/** A timer that fires this far from its time says that the machine slept, the clock was set, or we were stuck. */
const CLOCK_TOLERANCE = 2_000;

/**
 * Where the watch over a runner stands; `due` is when the next decision is made (milliseconds since the epoch).
 * `quiet`: answered lately. `asked`: a ping is on its way. `suspect`: no answer within the first wait.
 */
export interface Heartbeat {
  readonly stage: 'quiet' | 'asked' | 'suspect';
  readonly due: number;
}

export type HeartbeatAction = 'ask' | 'warn-and-ask' | 'give-up';

/** The runner gave a sign of life. */
export function heard(now: number): Heartbeat {
  return { stage: 'quiet', due: now + HEARTBEAT.interval };
}

/**
 * The watch's timer fired. A jump of the clock is no silence of the runner: the watch begins anew, with a whole
 * first wait, so that waking from sleep is not a false alarm.
 */
export function onDue(heartbeat: Heartbeat, now: number): { action: HeartbeatAction; next: Heartbeat } {
  if (Math.abs(now - heartbeat.due) > CLOCK_TOLERANCE) {
    return { action: 'ask', next: { stage: 'asked', due: now + HEARTBEAT.firstWait } };
  }
  switch (heartbeat.stage) {
    case 'quiet':
      // The first wait counts from the last sign of life, one interval ago.
      return { action: 'ask', next: { stage: 'asked', due: now + HEARTBEAT.firstWait - HEARTBEAT.interval } };
    case 'asked':
      return { action: 'warn-and-ask', next: { stage: 'suspect', due: now + HEARTBEAT.secondWait } };
    case 'suspect':
      return { action: 'give-up', next: heartbeat };
  }
}
