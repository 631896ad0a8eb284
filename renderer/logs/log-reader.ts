import type { Params, Result } from '../../shared/contract/methods.ts';
import type { LogLevel, LogName, LogPosition } from '../../shared/model/log-position.ts';
import type { Transport } from '../transport/transport.ts';

export interface LogFilter {
  readonly minLevel: LogLevel;
  readonly text: string;
}

/** Debug lines are for readers who ask for them: an agent's chatter would bury everything else. */
export const NO_FILTER: LogFilter = { minLevel: 'info', text: '' };

type Place = Pick<Params<'logs.read'>, 'from' | 'before' | 'after'>;

export interface LogReader {
  /** Null: the question was asked with another filter, or before the end of the view. */
  read(place: Place, filter: LogFilter): Promise<Result<'logs.read'> | null>;
  /** The last error of the whole log, whatever the filter is. */
  lastError(): Promise<LogPosition | undefined>;
  /** Answers that are still on their way are dropped. */
  dropOpenQuestions(): void;
}

export function createLogReader(transport: Transport, log: LogName): LogReader {
  let generation = 0;
  return {
    async read(place, { minLevel, text }) {
      const asked = generation;
      const answer = await transport.call('logs.read', {
        log,
        ...place,
        ...(minLevel === 'debug' ? {} : { minLevel }),
        ...(text === '' ? {} : { text }),
      });
      return asked === generation ? answer : null;
    },
    async lastError() {
      const { lines } = await transport.call('logs.read', { log, before: 1, after: 0, minLevel: 'error' });
      return lines[0]?.position;
    },
    dropOpenQuestions() {
      generation += 1;
    },
  };
}
