import type { SequencedEvent } from '../../../shared/contract/events.ts';
import type { Caller, Params, Result } from '../../../shared/contract/methods.ts';
import { defined } from '../../../shared/defined.ts';
import { answer, type Dispatchable, dispatch, permittedMethod } from './dispatch.ts';
import type { StateHub } from './state-hub.ts';

export interface Served extends Dispatchable {
  readonly hub: StateHub;
}

/** A client of the core, over any transport. */
export interface Connection {
  /** @throws PerchError, nothing else */
  call(method: string, params: unknown): Promise<unknown>;
  /** Ends the event stream. Idempotent; calls that are under way run to their end. */
  close(): void;
}

/**
 * A client of the core: its calls, and one event stream that starts with `events.subscribe`. Subscribing again
 * starts the stream anew.
 */
export function openConnection(options: {
  app: Served;
  caller: Caller;
  onEvent: (event: SequencedEvent) => void;
  /** For a window that can be hidden while it goes on following. Absent: always. */
  isVisible?: () => boolean;
}): Connection {
  const { app, caller, onEvent, isVisible = () => true } = options;
  let endStream: (() => void) | undefined;
  let closed = false;

  function subscribe({ since }: Params<'events.subscribe'>): Result<'events.subscribe'> {
    endStream?.();
    const gate = createGate(onEvent);
    const opened = app.hub.subscribe({
      ...defined({ since }),
      listener: gate.push,
      isWindow: () => caller.kind === 'window' && isVisible(),
    });
    endStream = () => {
      gate.shut();
      opened.unsubscribe();
    };
    if (closed) endStream();
    // The answer leaves in this turn of the event loop; its events follow in the next. Microtasks come before that.
    setImmediate(gate.open);
    const { position, snapshot, missed } = opened;
    return { position, missed, ...defined({ snapshot }) };
  }

  return {
    async call(method, params) {
      const known = permittedMethod(caller, method);
      if (known === 'events.subscribe') return await answer(app, known, params, subscribe);
      return await dispatch(app, caller, known, params);
    },
    close() {
      closed = true;
      endStream?.();
    },
  };
}

/** Holds events back until it is opened, then lets them pass; shut, it drops them. */
function createGate(pass: (event: SequencedEvent) => void) {
  const held: SequencedEvent[] = [];
  let state: 'holding' | 'open' | 'shut' = 'holding';
  return {
    push(event: SequencedEvent): void {
      if (state === 'open') pass(event);
      if (state === 'holding') held.push(event);
    },
    open(): void {
      for (let next = held.shift(); next !== undefined && state === 'holding'; next = held.shift()) pass(next);
      if (state === 'holding') state = 'open';
    },
    shut(): void {
      state = 'shut';
    },
  };
}
