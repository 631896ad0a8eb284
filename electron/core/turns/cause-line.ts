import { continues } from '../../../shared/logs/continues.ts';
import type { LogLine, LogPosition } from '../../../shared/model/log-position.ts';
import type { Cause } from './failure.ts';

/** Where errors of a turn stand in its log. */
export interface Trouble {
  /** The last one that the agent itself wrote: an agent that ends says last what it ended of. */
  readonly agent?: LogPosition;
  /** The first one of Perch's: what follows it follows from it. */
  readonly perch?: LogPosition;
}

/** The agent's own words, in a session's log. */
const AGENT = 'agent.stderr';

/** Ends that say of themselves no more than that the agent did not go on: why, its last error tells. */
const ENDED_FOR_A_REASON: ReadonlySet<string> = new Set([
  'AGENT_EXITED',
  'AGENT_ENDED_WITHOUT_ANSWER',
  'AGENT_PROTOCOL_ERROR',
  'AGENT_REPORTED_ERROR',
  'SESSION_START_FAILED',
  'SESSION_START_TIMEOUT',
  'TURN_TIMEOUT',
]);

/** Pure. A warning is no trouble of a turn: turns that complete have them too. */
export function noteLine(
  trouble: Trouble,
  { level, source, message }: Pick<LogLine, 'level' | 'source' | 'message'>,
  position: LogPosition,
): Trouble {
  // The rest of a stack says less than its head.
  if (level !== 'error' || continues(message)) return trouble;
  if (source === AGENT) return { ...trouble, agent: position };
  return trouble.perch === undefined ? { ...trouble, perch: position } : trouble;
}

/**
 * The line of the log that carries a turn's cause. Pure. The turn's own line (`own`) names the failure and has the
 * reported words in it; only where nothing was reported does an error that was logged before say more.
 */
export function causeLine(cause: Cause, trouble: Trouble, own: LogPosition): LogPosition {
  const tells = cause.reported === undefined && ENDED_FOR_A_REASON.has(cause.error.code);
  return tells ? (trouble.agent ?? trouble.perch ?? own) : own;
}
