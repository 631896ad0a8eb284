import { expect, test } from 'vitest';
import type { Params, Result } from '../../shared/contract/methods.ts';
import { PerchError } from '../../shared/errors/perch-error.ts';
import { createListeners } from '../../shared/listeners.ts';
import type { StoredRunEvent } from '../../shared/model/run-event.ts';
import { turn } from '../dev/fixtures.ts';
import type { Transport, TransportMessage } from '../transport/transport.ts';
import { createTranscriptStore } from './transcript-store.ts';

const TURN = turn(1, {});
const said = (seq: number): StoredRunEvent => ({
  turnId: TURN.turnId,
  seq,
  at: 0,
  event: { type: 'agent.message', text: `${seq} ` },
});

/** A history that can be extended, and a broadcast that can be heard or missed. */
function setUp(history: StoredRunEvent[]) {
  const listeners = createListeners<[message: TransportMessage]>();
  const asked: number[] = [];
  let failing = false;
  let settled: () => void = () => {};
  const transport = {
    subscribe: listeners.add,
    async call(method: string, params: Params<'turns.events'>): Promise<Result<'turns.events'>> {
      if (method !== 'turns.events') throw new Error(method);
      asked.push(params.after);
      if (failing) throw new PerchError('CORE_UNREACHABLE');
      return { events: history.filter(({ seq }) => seq > params.after), turn: TURN };
    },
  } as unknown as Transport;
  const soon = (callback: () => void) => {
    callback();
    return () => {};
  };
  const transcripts = createTranscriptStore({ transport, turnId: TURN.turnId, soon });
  transcripts.store.subscribe(({ loading }) => {
    if (!loading) settled();
  });
  return {
    asked,
    transcripts,
    broadcast: (stored: StoredRunEvent) => listeners.notify({ kind: 'event', event: { type: 'run', stored } }),
    emit: listeners.notify,
    fail: (yes: boolean) => {
      failing = yes;
    },
    text: () =>
      transcripts.store
        .getState()
        .transcript.items.map((item) => ('text' in item ? item.text : ''))
        .join(''),
    /** Resolves once no question is open any more. */
    settled: () =>
      new Promise<void>((resolve) => {
        settled = resolve;
        if (!transcripts.store.getState().loading) resolve();
      }),
  };
}

test('the history comes first, then what is broadcast', async () => {
  const world = setUp([said(1), said(2)]);
  await world.settled();
  world.broadcast(said(3));
  expect(world.text()).toBe('1 2 3 ');
  expect(world.asked).toEqual([0]);
});

test('what is broadcast while the history is on its way waits, and is not doubled', async () => {
  const world = setUp([said(1), said(2)]);
  world.broadcast(said(2));
  world.broadcast(said(3));
  expect(world.text()).toBe('');
  await world.settled();
  expect(world.text()).toBe('1 2 3 ');
});

test('a gap is fetched from the last event that is known', async () => {
  const history = [said(1)];
  const world = setUp(history);
  await world.settled();
  history.push(said(2), said(3));
  world.broadcast(said(3));
  await world.settled();
  expect(world.asked).toEqual([0, 1]);
  expect(world.text()).toBe('1 2 3 ');
});

test('after a new snapshot the history is asked again', async () => {
  const history = [said(1)];
  const world = setUp(history);
  await world.settled();
  history.push(said(2));
  world.emit({ kind: 'snapshot', state: {} as never });
  await world.settled();
  expect(world.text()).toBe('1 2 ');
});

test('events of other turns are none of its business', async () => {
  const world = setUp([said(1)]);
  await world.settled();
  world.broadcast({ ...said(2), turnId: 'another' });
  expect(world.text()).toBe('1 ');
});

test('a failure is shown, and loading again repairs it', async () => {
  const world = setUp([said(1)]);
  world.fail(true);
  await world.settled();
  world.transcripts.load();
  await world.settled();
  expect(world.transcripts.store.getState().error?.code).toBe('CORE_UNREACHABLE');
  world.fail(false);
  world.transcripts.load();
  await world.settled();
  expect(world.transcripts.store.getState().error).toBeNull();
  expect(world.text()).toBe('1 ');
});

test('after the view is gone nothing is taken in any more', async () => {
  const world = setUp([said(1)]);
  await world.settled();
  world.transcripts.dispose();
  world.broadcast(said(2));
  expect(world.text()).toBe('1 ');
});

test('a history that the lost connection cut off is asked for again when it is back, without a new snapshot', async () => {
  const again = setUp([said(1), said(2)]);
  await again.settled();
  again.fail(true);
  again.transcripts.load();
  await again.settled();
  expect(again.transcripts.store.getState().error?.code).toBe('CORE_UNREACHABLE');
  again.fail(false);
  const before = again.asked.length;
  again.emit({ kind: 'link', link: { kind: 'open' } });
  await again.settled();
  expect(again.asked.length).toBe(before + 1);
  expect(again.text()).toBe('1 2 ');
  expect(again.transcripts.store.getState().error).toBeNull();
});
