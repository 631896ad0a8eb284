import type { SupervisorEvent } from '../../../shared/model/connection-state.ts';
import type { LogPosition } from '../../../shared/model/log-position.ts';
import type { Clock } from '../../node/clock.ts';
import type { LogWriter } from '../storage/logs/log-store.ts';
import type { TimelineStore } from './timeline-store.ts';

export interface TimelineRecorder {
  /** Never throws. */
  record(event: Omit<SupervisorEvent, 'at'>): void;
  /** A line of the supervisor's own in the log. */
  say(level: 'info' | 'error', message: string): LogPosition;
}

/** Writes the supervisor's events to the timeline, and its lines to the log. */
export function createTimelineRecorder(options: {
  clock: Pick<Clock, 'now'>;
  log: LogWriter;
  store: Pick<TimelineStore, 'append'>;
}): TimelineRecorder {
  const { clock, log, store } = options;
  const say = (level: 'info' | 'error', message: string) => log.write({ level, source: 'supervisor', message });
  return {
    say,
    record(event) {
      try {
        store.append({ at: clock.now(), ...event });
      } catch (error) {
        // A full disk must not stop the supervisor, which keeps the runner alive; the log still has the line.
        say('error', `the timeline could not be written: ${String(error)}`);
      }
    },
  };
}
