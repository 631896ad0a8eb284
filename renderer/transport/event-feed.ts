import type { EventPosition, SequencedEvent } from '../../shared/contract/events.ts';
import type { Params, Result } from '../../shared/contract/methods.ts';
import type { TransportMessage } from './transport.ts';

interface EventFeed {
  /** Takes an event as it came; those that arrive before the subscription was answered wait for it. */
  receive(event: SequencedEvent): void;
  /** Subscribes on a fresh connection, from the last position seen. */
  open(subscribe: (params: Params<'events.subscribe'>) => Promise<Result<'events.subscribe'>>): Promise<void>;
  /** The connection is gone: what still arrives is of no use. */
  drop(): void;
}

/** Turns subscriptions and events of many connections into one stream without gap or double. */
export function createEventFeed(emit: (message: TransportMessage) => void): EventFeed {
  let position: EventPosition | undefined;
  let waiting: SequencedEvent[] = [];
  let live = false;
  let generation = 0;

  function deliver(sequenced: SequencedEvent) {
    if (isSeen(position, sequenced.position)) return;
    position = sequenced.position;
    emit({ kind: 'event', event: sequenced.event });
  }

  return {
    receive(event) {
      if (live) deliver(event);
      else waiting.push(event);
    },
    async open(subscribe) {
      generation += 1;
      const mine = generation;
      live = false;
      waiting = [];
      const answer = await subscribe(position === undefined ? {} : { since: position });
      if (mine !== generation) return;
      if (answer.snapshot !== undefined) {
        position = answer.position;
        emit({ kind: 'snapshot', state: answer.snapshot });
      }
      // The schema's union knows slice and value each by itself; the core pairs them.
      for (const event of answer.missed) deliver(event as SequencedEvent);
      position = answer.position;
      live = true;
      const late = waiting;
      waiting = [];
      for (const event of late) deliver(event);
    },
    drop() {
      generation += 1;
      live = false;
      waiting = [];
    },
  };
}

function isSeen(seen: EventPosition | undefined, candidate: EventPosition): boolean {
  return seen !== undefined && seen.epoch === candidate.epoch && candidate.sequence <= seen.sequence;
}
