import { continues } from '../../../shared/logs/continues.ts';
import type { LogLevel } from '../../../shared/model/log-position.ts';
import { levelOf } from './level.ts';

/** A line of a log: one that the agent wrote, with those that go on with it. */
export interface Entry {
  readonly level: LogLevel;
  readonly message: string;
}

interface Entries {
  line(line: string): void;
  /** Hands on the entry that was begun: it does not wait for a line that may never come. */
  settle(): void;
}

/** In UTF-16 units: a longer entry goes on in the next one. */
const MAX_ENTRY_CHARS = 8_000;

/**
 * Puts an agent's stderr together again: a stack or a printed object is one entry at the level of its head. Lines that
 * go on with an entry that is settled already keep its level.
 */
export function createEntries(options: {
  /** Chatter that tells a person nothing, whatever level it claims. */
  readonly isNoise: (line: string) => boolean;
  readonly onEntry: (entry: Entry) => void;
}): Entries {
  let level: LogLevel = 'info';
  let held: string | undefined;

  const settle = (): void => {
    if (held !== undefined) options.onEntry({ level, message: held });
    held = undefined;
  };

  return {
    line(line) {
      if (!continues(line)) {
        settle();
        level = options.isNoise(line) ? 'debug' : levelOf(line);
        held = line;
      } else if (held === undefined || held.length + line.length >= MAX_ENTRY_CHARS) {
        settle();
        held = line;
      } else held += `\n${line}`;
    },
    settle,
  };
}
