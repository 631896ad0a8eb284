import { createStore, type StoreApi } from 'zustand/vanilla';
import type { WireError } from '../../shared/errors/perch-error.ts';
import { toWireError } from '../../shared/errors/perch-error.ts';
import type { StoredRunEvent } from '../../shared/model/run-event.ts';
import { EMPTY_TRANSCRIPT, foldEvents, type Transcript, transcriptOf } from '../../shared/transcript/fold.ts';
import type { Transport } from '../transport/transport.ts';

/** Events fetched at once. */
const PAGE = 5000;

interface TranscriptState {
  readonly transcript: Transcript;
  readonly loading: boolean;
  readonly error: WireError | null;
}

export interface TranscriptStore {
  readonly store: StoreApi<TranscriptState>;
  /** Fetches what is missing; also the way to try again after an error. */
  load(): void;
  dispose(): void;
}

interface TranscriptDependencies {
  readonly transport: Transport;
  readonly turnId: string;
  /** Calls back soon, once: the window shows many streamed events in one frame. Returns the way to take it back. */
  readonly soon: (callback: () => void) => () => void;
}

/**
 * The transcript of one turn: fetched from the history, continued by what is broadcast, without gap or double.
 * A gap, a lost link or a new snapshot leads back to the history.
 */
export function createTranscriptStore({ transport, turnId, soon }: TranscriptDependencies): TranscriptStore {
  const store = createStore<TranscriptState>(() => ({ transcript: EMPTY_TRANSCRIPT, loading: true, error: null }));
  let pending: StoredRunEvent[] = [];
  let cancelFlush: (() => void) | undefined;
  let fetching = false;
  let again = false;
  let disposed = false;

  function fold(events: readonly StoredRunEvent[]): boolean {
    const { transcript, complete } = foldEvents(store.getState().transcript, events);
    store.setState({ transcript });
    return complete;
  }

  function flush() {
    cancelFlush = undefined;
    if (fetching) return;
    const events = pending;
    pending = [];
    if (!fold(events)) load();
  }

  async function fetchAll(): Promise<void> {
    for (;;) {
      const after = store.getState().transcript.seq;
      const { events, folded } = await transport.call('turns.events', { turnId, after, limit: PAGE });
      if (disposed) return;
      if (folded !== undefined) {
        store.setState({ transcript: transcriptOf(folded) });
        return;
      }
      fold(events);
      if (events.length < PAGE) return;
    }
  }

  function load() {
    if (fetching) {
      again = true;
      return;
    }
    fetching = true;
    again = false;
    store.setState({ loading: true, error: null });
    fetchAll().then(
      () => settle(null),
      (error: unknown) => settle(toWireError(error)),
    );
  }

  function settle(error: WireError | null) {
    if (disposed) return;
    fetching = false;
    store.setState({ loading: false, error });
    if (error !== null) return;
    if (again) load();
    else if (pending.length > 0) flush();
  }

  const unsubscribe = transport.subscribe((message) => {
    if (message.kind === 'snapshot') load();
    // A fetch that the lost connection cut off is owed: without a new snapshot nothing else would ask again.
    if (message.kind === 'link' && message.link.kind === 'open' && store.getState().error !== null) load();
    if (message.kind !== 'event' || message.event.type !== 'run') return;
    if (message.event.stored.turnId !== turnId) return;
    pending.push(message.event.stored);
    cancelFlush ??= soon(flush);
  });
  load();

  return {
    store,
    load,
    dispose() {
      disposed = true;
      cancelFlush?.();
      unsubscribe();
    },
  };
}
