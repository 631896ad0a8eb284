import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTurnCosts, type TurnCosts } from './turn-cost.ts';

const told = (costs: TurnCosts, amount: number, currency = 'USD') =>
  costs.ofTurn({ type: 'usage', cost: { amount, currency } }).cost;

test('three alike turns cost alike', () => {
  const costs = createTurnCosts();
  const each = [0.03, 0.07, 0.11].map((amount) => {
    costs.beginTurn();
    return told(costs, amount);
  });
  expect(each).toEqual([0.03, 0.04, 0.04].map((amount) => ({ amount, currency: 'USD', of: 'turn' })));
});

test('what comes several times in a turn is what it cost so far', () => {
  const costs = createTurnCosts();
  costs.beginTurn();
  told(costs, 0.01);
  costs.beginTurn();
  expect([told(costs, 0.02), told(costs, 0.05)]).toMatchObject([{ amount: 0.01 }, { amount: 0.04 }]);
});

test('an agent that counts anew loses nothing', () => {
  const costs = createTurnCosts();
  costs.beginTurn();
  told(costs, 0.5);
  costs.beginTurn();
  told(costs, 0.6);
  expect(told(costs, 0.02)).toEqual({ amount: 0.12, currency: 'USD', of: 'turn' });
});

test('the first number of a conversation that went on is the session’s, the next one is the turn’s', () => {
  const costs = createTurnCosts();
  costs.continued();
  costs.beginTurn();
  expect(told(costs, 0.4)).toEqual({ amount: 0.4, currency: 'USD', of: 'session' });
  expect(told(costs, 0.5)).toMatchObject({ of: 'session', amount: 0.5 });
  costs.beginTurn();
  expect(told(costs, 0.6)).toEqual({ amount: 0.1, currency: 'USD', of: 'turn' });
});

test('a number before its first turn is where it goes on', () => {
  const costs = createTurnCosts();
  costs.note({ amount: 0.4, currency: 'USD' });
  costs.continued();
  costs.beginTurn();
  expect(told(costs, 0.5)).toEqual({ amount: 0.1, currency: 'USD', of: 'turn' });
});

test('a number between turns is of none of them', () => {
  const costs = createTurnCosts();
  costs.beginTurn();
  told(costs, 0.1);
  costs.note({ amount: 0.3, currency: 'USD' });
  costs.beginTurn();
  expect(told(costs, 0.4)).toMatchObject({ amount: 0.1, of: 'turn' });
});

test('another currency has no difference with the one before', () => {
  const costs = createTurnCosts();
  costs.beginTurn();
  told(costs, 0.1);
  costs.beginTurn();
  expect(told(costs, 3, 'EUR')).toEqual({ amount: 3, currency: 'EUR', of: 'session' });
  costs.beginTurn();
  expect(told(costs, 4, 'EUR')).toEqual({ amount: 1, currency: 'EUR', of: 'turn' });
});

test('usage without a cost stays as it is', () => {
  const usage = { type: 'usage', inputTokens: 3 } as const;
  expect(createTurnCosts().ofTurn(usage)).toBe(usage);
});

test('whatever an agent counts, restarts of its count included, each turn gets what was spent in it', () => {
  const cents = fc.integer({ min: 0, max: 10_000 });
  const turn = fc.array(fc.record({ spent: cents, anew: fc.boolean() }), { maxLength: 4 });
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 8 }), (turns) => {
      const costs = createTurnCosts();
      let count = 0;
      for (const steps of turns) {
        costs.beginTurn();
        let spent = 0;
        for (const { spent: more, anew } of steps) {
          // A count that begins anew shows as one only when it is smaller.
          count = anew && more < count ? more : count + more;
          spent += more;
          const cost = told(costs, count / 100);
          expect(cost?.of).toBe('turn');
          expect(cost?.amount).toBeCloseTo(spent / 100, 6);
        }
      }
    }),
  );
});
