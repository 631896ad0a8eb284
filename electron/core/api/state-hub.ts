import { isDeepStrictEqual } from 'node:util';
import type { AppEvent, EventPosition, SequencedEvent, StateEvent } from '../../../shared/contract/events.ts';
import type { AppState, AppStateSlice } from '../../../shared/contract/state.ts';
import type { StoredRunEvent } from '../../../shared/model/run-event.ts';

/** How many past events a client may have missed and still go on without a snapshot. */
export const REMEMBERED_EVENTS = 2000;

interface Subscription {
  /** Where the client stands after the snapshot, or after the last missed event. */
  readonly position: EventPosition;
  /** Absent when the client goes on from `since`. */
  readonly snapshot?: AppState;
  readonly missed: SequencedEvent[];
  unsubscribe(): void;
}

export interface StateHub {
  readonly state: AppState;
  /** Tells the clients, unless the value is deeply equal to the one they have. Values are never changed afterwards. */
  set<Slice extends AppStateSlice>(slice: Slice, value: AppState[Slice]): void;
  /** Only for an event that is persisted already. */
  publishRun(stored: StoredRunEvent): void;
  /**
   * Every event after `position` reaches the listener, once and in order. A position of another epoch, of the future,
   * or older than what is remembered is answered with a snapshot, never with a gap.
   * A listener that throws is dropped, and told of through `onListenerError`: the others go on.
   */
  subscribe(options: {
    since?: EventPosition;
    listener: (event: SequencedEvent) => void;
    /** Marks a window: a person sees what is published, always or while the function says so. */
    isWindow?: boolean | (() => boolean);
  }): Subscription;
  /** True while a window that a person sees follows the state. */
  hasWindow(): boolean;
}

interface Subscriber {
  readonly isWindow: boolean | (() => boolean);
  readonly listener: (event: SequencedEvent) => void;
  /** Sequence number of the last event this subscriber has. */
  reached: number;
}

/** @param options.epoch names this run of the core; a random id */
export function createStateHub(options: {
  initial: AppState;
  epoch: string;
  onListenerError: (error: unknown) => void;
}): StateHub {
  const { epoch, onListenerError } = options;
  const subscribers = new Set<Subscriber>();
  const remembered: SequencedEvent[] = [];
  const undelivered: SequencedEvent[] = [];
  let state = options.initial;
  let sequence = 0;
  let delivering = false;

  function publish(event: AppEvent): void {
    sequence += 1;
    const sequenced = { position: { epoch, sequence }, event };
    remembered.push(sequenced);
    if (remembered.length > REMEMBERED_EVENTS) remembered.shift();
    undelivered.push(sequenced);
    deliver();
  }

  /** A listener may publish: its event waits here, so that all listeners see one order. */
  function deliver(): void {
    if (delivering) return;
    delivering = true;
    for (let next = undelivered.shift(); next !== undefined; next = undelivered.shift()) {
      for (const subscriber of subscribers) deliverTo(subscriber, next);
    }
    delivering = false;
  }

  function deliverTo(subscriber: Subscriber, event: SequencedEvent): void {
    // A client that subscribed while events were on their way has them in its snapshot.
    if (event.position.sequence <= subscriber.reached) return;
    subscriber.reached = event.position.sequence;
    try {
      subscriber.listener(event);
    } catch (error) {
      subscribers.delete(subscriber);
      onListenerError(error);
    }
  }

  function missedSince(since: EventPosition | undefined): SequencedEvent[] | undefined {
    if (since === undefined || since.epoch !== epoch || since.sequence > sequence) return undefined;
    const behind = sequence - since.sequence;
    if (behind > remembered.length) return undefined;
    return remembered.slice(remembered.length - behind);
  }

  return {
    get state() {
      return state;
    },
    set(slice, value) {
      if (isDeepStrictEqual(state[slice], value)) return;
      state = { ...state, [slice]: value };
      // The pair is of one slice: `set` takes no other.
      publish({ type: 'state', slice, value } as StateEvent);
    },
    publishRun: (stored) => publish({ type: 'run', stored }),
    hasWindow: () => [...subscribers].some(({ isWindow }) => (typeof isWindow === 'function' ? isWindow() : isWindow)),
    subscribe({ since, listener, isWindow = false }) {
      const subscriber: Subscriber = { listener, isWindow, reached: sequence };
      subscribers.add(subscriber);
      const missed = missedSince(since);
      return {
        position: { epoch, sequence },
        missed: missed ?? [],
        ...(missed === undefined ? { snapshot: state } : {}),
        unsubscribe: () => void subscribers.delete(subscriber),
      };
    },
  };
}
