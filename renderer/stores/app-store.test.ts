import { expect, test } from 'vitest';
import { STATE } from '../dev/fixtures.ts';
import type { TransportMessage } from '../transport/transport.ts';
import { type AppStoreState, foldMessage } from './app-store.ts';

const EMPTY: AppStoreState = { link: { kind: 'connecting' }, app: null };
const fold = (messages: readonly TransportMessage[], from = EMPTY) => messages.reduce(foldMessage, from);

test('a snapshot fills the store and opens the link', () => {
  expect(fold([{ kind: 'snapshot', state: STATE }])).toEqual({ link: { kind: 'open' }, app: STATE });
});

test('a slice replaces its slice and nothing else', () => {
  const connection = { kind: 'starting' } as const;
  const after = fold([
    { kind: 'snapshot', state: STATE },
    { kind: 'event', event: { type: 'state', slice: 'connection', value: connection } },
  ]);
  expect(after.app).toEqual({ ...STATE, connection });
  expect(after.app?.agents).toBe(STATE.agents);
});

test('a slice before the first snapshot has nothing to change', () => {
  const after = fold([{ kind: 'event', event: { type: 'state', slice: 'turns', value: [] } }]);
  expect(after).toBe(EMPTY);
});

test('a lost link keeps what is known', () => {
  const link = { kind: 'lost', attempt: 1, nextTryAt: 5 } as const;
  expect(
    fold([
      { kind: 'snapshot', state: STATE },
      { kind: 'link', link },
    ]),
  ).toEqual({ link, app: STATE });
});
