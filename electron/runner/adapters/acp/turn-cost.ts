import type { AgentEvent } from '../../../../shared/model/run-event.ts';

type Usage = Extract<AgentEvent, { type: 'usage' }>;
type Cost = Pick<NonNullable<Usage['cost']>, 'amount' | 'currency'>;

/** The costs that a process of an agent counts on from turn to turn. */
export interface TurnCosts {
  /** The conversation was there before this process: what the first number counts in is not known. */
  continued(): void;
  beginTurn(): void;
  /** A number that the agent told outside of a turn: no turn's, and where the next one's begins. */
  note(cost: Cost | undefined): void;
  /** The event with what this turn cost so far in the place of what the session cost so far. */
  ofTurn(usage: Usage): Usage;
}

/** Digits behind the point that are kept: a difference of binary fractions has a tail that means nothing. */
const DIGITS = 9;

/**
 * ACP's cost is *cumulative session cost*. A number that is smaller than the one before means that the agent began to
 * count anew; another currency has no difference with the one before.
 */
export function createTurnCosts(): TurnCosts {
  let last: Cost | undefined;
  let isBaseKnown = true;
  let spent = 0;
  /** Where the present turn's share is no part of what was told: its number stays the session's. */
  let isShareKnown = true;

  const move = ({ amount, currency }: Cost): void => {
    if (last === undefined || last.currency === currency) {
      const before = last?.amount ?? 0;
      spent += amount < before ? amount : amount - before;
      if (last === undefined && !isBaseKnown) isShareKnown = false;
    } else isShareKnown = false;
    last = { amount, currency };
  };

  return {
    continued() {
      if (last === undefined) isBaseKnown = false;
    },
    beginTurn() {
      spent = 0;
      isShareKnown = true;
    },
    note(cost) {
      if (cost !== undefined) move(cost);
    },
    ofTurn(usage) {
      if (usage.cost === undefined) return usage;
      const { amount, currency } = usage.cost;
      move({ amount, currency });
      const cost = isShareKnown
        ? ({ amount: Number(spent.toFixed(DIGITS)), currency, of: 'turn' } as const)
        : ({ amount, currency, of: 'session' } as const);
      return { ...usage, cost };
    },
  };
}
