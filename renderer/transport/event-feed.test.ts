import { expect, test } from 'vitest';
import type { SequencedEvent } from '../../shared/contract/events.ts';
import type { Result } from '../../shared/contract/methods.ts';
import { STATE } from '../dev/fixtures.ts';
import { createEventFeed } from './event-feed.ts';
import type { TransportMessage } from './transport.ts';

const at = (sequence: number, epoch = 'one') => ({ epoch, sequence });
const event = (sequence: number, epoch = 'one'): SequencedEvent => ({
  position: at(sequence, epoch),
  event: { type: 'state', slice: 'recentProjects', value: [`${epoch} ${sequence}`] },
});

function setUp() {
  const seen: TransportMessage[] = [];
  const feed = createEventFeed((message) => seen.push(message));
  const shown = () =>
    seen.flatMap((message) => {
      if (message.kind !== 'event') return [message.kind];
      if (message.event.type === 'run' || message.event.slice !== 'recentProjects') return ['another event'];
      return message.event.value;
    });
  return { feed, shown };
}

const snapshot = (sequence: number, epoch = 'one'): Result<'events.subscribe'> => ({
  position: at(sequence, epoch),
  snapshot: STATE,
  missed: [],
});

test('a snapshot, then the events after it', async () => {
  const { feed, shown } = setUp();
  await feed.open(async () => snapshot(4));
  feed.receive(event(5));
  expect(shown()).toEqual(['snapshot', 'one 5']);
});

test('events that overtake the answer wait for it; those in the snapshot are dropped', async () => {
  const { feed, shown } = setUp();
  feed.receive(event(1));
  const answer = Promise.withResolvers<Result<'events.subscribe'>>();
  const opened = feed.open(() => answer.promise);
  feed.receive(event(4));
  feed.receive(event(5));
  answer.resolve(snapshot(4));
  await opened;
  expect(shown()).toEqual(['snapshot', 'one 5']);
});

test('a new connection asks from the last event seen and gets what it missed, once', async () => {
  const { feed, shown } = setUp();
  await feed.open(async () => snapshot(4));
  feed.receive(event(5));
  feed.drop();
  const asked: unknown[] = [];
  await feed.open(async (params) => {
    asked.push(params);
    return { position: at(7), missed: [event(5), event(6), event(7)] };
  });
  feed.receive(event(7));
  feed.receive(event(8));
  expect(asked).toEqual([{ since: at(5) }]);
  expect(shown()).toEqual(['snapshot', 'one 5', 'one 6', 'one 7', 'one 8']);
});

test('another run of the core begins with a snapshot, and its low numbers count', async () => {
  const { feed, shown } = setUp();
  await feed.open(async () => snapshot(40));
  feed.drop();
  await feed.open(async () => snapshot(1, 'two'));
  feed.receive(event(2, 'two'));
  expect(shown()).toEqual(['snapshot', 'snapshot', 'two 2']);
});

test('an answer to a connection that is gone is not listened to', async () => {
  const { feed, shown } = setUp();
  const answer = Promise.withResolvers<Result<'events.subscribe'>>();
  const opened = feed.open(() => answer.promise);
  feed.drop();
  answer.resolve(snapshot(4));
  await opened;
  expect(shown()).toEqual([]);
});
