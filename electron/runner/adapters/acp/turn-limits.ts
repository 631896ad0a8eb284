import type { TurnRules } from '../../../../shared/runner-protocol/turn-rules.ts';
import type { Clock } from '../../../node/clock.ts';

type LimitCode = 'TURN_LIMIT_MINUTES' | 'TURN_LIMIT_TOOL_CALLS';

interface TurnLimits {
  toolCall(): void;
  /** The turn is over: no limit is reached any more. */
  stop(): void;
}

/** Calls back when a turn has taken the minutes that its rules allow, and at each tool call beyond those. */
export function createTurnLimits(
  clock: Pick<Clock, 'after'>,
  { maxMinutes, maxToolCalls }: Pick<TurnRules, 'maxMinutes' | 'maxToolCalls'>,
  onReached: (code: LimitCode, limit: number) => void,
): TurnLimits {
  let toolCalls = 0;
  const stop =
    maxMinutes === undefined
      ? () => undefined
      : clock.after(maxMinutes * 60_000, () => onReached('TURN_LIMIT_MINUTES', maxMinutes));
  return {
    toolCall() {
      toolCalls += 1;
      if (maxToolCalls !== undefined && toolCalls > maxToolCalls) onReached('TURN_LIMIT_TOOL_CALLS', maxToolCalls);
    },
    stop() {
      stop();
    },
  };
}
