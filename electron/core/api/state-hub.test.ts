import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SequencedEvent } from '../../../shared/contract/events.ts';
import type { AppState } from '../../../shared/contract/state.ts';
import { defined } from '../../../shared/defined.ts';
import { createStateHub, REMEMBERED_EVENTS, type StateHub } from './state-hub.ts';
import { emptyState, textEvent } from './testing/state.ts';

function createHub(errors: unknown[] = []): StateHub {
  return createStateHub({ initial: emptyState(), epoch: 'epoch-1', onListenerError: (error) => errors.push(error) });
}
const project = (count: number) => Array.from({ length: count }, (_, index) => `/p/${index}`);

test('a new client gets a snapshot and then every event after it, once and in order', () => {
  const hub = createHub();
  hub.set('recentProjects', ['/a']);
  const seen: SequencedEvent[] = [];
  const subscription = hub.subscribe({ listener: (event) => seen.push(event) });
  expect(subscription.position).toEqual({ epoch: 'epoch-1', sequence: 1 });
  expect(subscription.snapshot?.recentProjects).toEqual(['/a']);
  expect(subscription.missed).toEqual([]);
  hub.set('recentProjects', ['/a', '/b']);
  hub.publishRun(textEvent(1));
  expect(seen).toEqual([
    {
      position: { epoch: 'epoch-1', sequence: 2 },
      event: { type: 'state', slice: 'recentProjects', value: ['/a', '/b'] },
    },
    { position: { epoch: 'epoch-1', sequence: 3 }, event: { type: 'run', stored: textEvent(1) } },
  ]);
  subscription.unsubscribe();
  hub.publishRun(textEvent(2));
  expect(seen).toHaveLength(2);
});

test('a value that is deeply equal is no event', () => {
  const hub = createHub();
  const seen: SequencedEvent[] = [];
  hub.subscribe({ listener: (event) => seen.push(event) });
  hub.set('connection', { kind: 'starting' });
  hub.set('recentProjects', []);
  expect(seen).toEqual([]);
});

test('a client that comes back gets what it missed, and no snapshot', () => {
  const hub = createHub();
  for (let count = 1; count <= 5; count++) hub.set('recentProjects', project(count));
  const back = hub.subscribe({ since: { epoch: 'epoch-1', sequence: 3 }, listener: () => {} });
  expect(back.snapshot).toBeUndefined();
  expect(back.missed.map(({ position }) => position.sequence)).toEqual([4, 5]);
  expect(back.position.sequence).toBe(5);
});

test.each([
  ['another epoch', { epoch: 'epoch-0', sequence: 1 }],
  ['the future', { epoch: 'epoch-1', sequence: 9 }],
])('a position of %s is answered with a snapshot', (_name, since) => {
  const hub = createHub();
  hub.set('recentProjects', ['/a']);
  const back = hub.subscribe({ since, listener: () => {} });
  expect(back.snapshot?.recentProjects).toEqual(['/a']);
  expect(back.missed).toEqual([]);
});

test('what is remembered ends exactly where a snapshot begins', () => {
  const hub = createHub();
  for (let seq = 1; seq <= REMEMBERED_EVENTS + 1; seq++) hub.publishRun(textEvent(seq));
  const since = (sequence: number) => hub.subscribe({ since: { epoch: 'epoch-1', sequence }, listener: () => {} });
  expect(since(1).missed).toHaveLength(REMEMBERED_EVENTS);
  expect(since(1).snapshot).toBeUndefined();
  expect(since(0).snapshot).toBeDefined();
  expect(since(0).missed).toEqual([]);
});

test('the hub knows whether a window is there', () => {
  const hub = createHub();
  hub.subscribe({ listener: () => {} });
  expect(hub.hasWindow()).toBe(false);
  const { unsubscribe } = hub.subscribe({ listener: () => {}, isWindow: true });
  expect(hub.hasWindow()).toBe(true);
  unsubscribe();
  expect(hub.hasWindow()).toBe(false);
});

test('a listener that throws is dropped and told of; the others go on', () => {
  const errors: unknown[] = [];
  const hub = createHub(errors);
  const seen: number[] = [];
  let calls = 0;
  hub.subscribe({
    listener: () => {
      calls += 1;
      throw new Error('broken');
    },
  });
  hub.subscribe({ listener: ({ position }) => seen.push(position.sequence) });
  hub.publishRun(textEvent(1));
  hub.publishRun(textEvent(2));
  expect(calls).toBe(1);
  expect(errors).toEqual([new Error('broken')]);
  expect(seen).toEqual([1, 2]);
});

test('a listener that publishes does not turn the order round for the others', () => {
  const hub = createHub();
  const seen: number[] = [];
  hub.subscribe({
    listener: ({ event }) => {
      if (event.type === 'run') hub.set('recentProjects', ['/a']);
    },
  });
  hub.subscribe({ listener: ({ position }) => seen.push(position.sequence) });
  hub.publishRun(textEvent(1));
  expect(seen).toEqual([1, 2]);
});

test('who subscribes inside a listener gets no event twice', () => {
  const hub = createHub();
  const late: number[] = [];
  let position = 0;
  hub.subscribe({
    listener: ({ position: { sequence } }) => {
      if (sequence !== 1) return;
      hub.publishRun(textEvent(2));
      position = hub.subscribe({ listener: (event) => late.push(event.position.sequence) }).position.sequence;
    },
  });
  hub.publishRun(textEvent(1));
  hub.publishRun(textEvent(3));
  expect(position).toBe(2);
  expect(late).toEqual([3]);
});

test('however a client leaves and comes back, it ends with the state of the core and with every run event', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('set' as const), value: fc.integer({ min: 0, max: 3 }) }),
    fc.record({ do: fc.constant('run' as const) }),
    fc.record({ do: fc.constant('leave' as const) }),
    fc.record({ do: fc.constant('return' as const) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const hub = createHub();
      const client = new Client(hub);
      let runs = 0;
      client.connect();
      for (const step of steps) {
        if (step.do === 'set') hub.set('recentProjects', project(step.value));
        if (step.do === 'run') hub.publishRun(textEvent(++runs));
        if (step.do === 'leave') client.leave();
        if (step.do === 'return') client.connect();
      }
      client.connect();
      expect(client.state).toEqual(hub.state);
      expect(client.runs).toEqual(Array.from({ length: runs }, (_, index) => index + 1));
    }),
  );
});

/** What a window does: holds the state, and remembers where it stands. */
class Client {
  readonly #hub: StateHub;
  #leave: (() => void) | undefined;
  #position: SequencedEvent['position'] | undefined;
  state: AppState | undefined;
  readonly runs: number[] = [];

  constructor(hub: StateHub) {
    this.#hub = hub;
  }

  connect(): void {
    this.leave();
    const since = this.#position;
    const subscription = this.#hub.subscribe({
      ...defined({ since }),
      listener: (event) => this.#take(event),
    });
    this.#leave = subscription.unsubscribe;
    if (subscription.snapshot !== undefined) this.state = subscription.snapshot;
    for (const event of subscription.missed) this.#take(event);
    this.#position = subscription.position;
  }

  leave(): void {
    this.#leave?.();
    this.#leave = undefined;
  }

  #take({ position, event }: SequencedEvent): void {
    expect(position.sequence).toBe((this.#position?.sequence ?? 0) + 1);
    this.#position = position;
    if (event.type === 'run') this.runs.push(event.stored.seq);
    else if (this.state !== undefined) this.state = { ...this.state, [event.slice]: event.value };
  }
}
