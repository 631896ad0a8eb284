import type { WindowBridge } from '../../shared/contract/bridge.ts';
import type { MethodName, Params, Result } from '../../shared/contract/methods.ts';
import { fromWireError } from '../../shared/errors/perch-error.ts';
import { createListeners } from '../../shared/listeners.ts';
import { createEventFeed } from './event-feed.ts';
import { PING_PATIENCE, startHeartbeat } from './heartbeat.ts';
import type { Timers } from './timers.ts';
import type { Transport, TransportMessage } from './transport.ts';
import { retryDelay } from './websocket.ts';

/** The door of the Electron host: the bridge that the preload script put into the page. */
export function createBridgeTransport({ bridge, timers }: { bridge: WindowBridge; timers: Timers }): Transport {
  const listeners = createListeners<[message: TransportMessage]>();
  const feed = createEventFeed(listeners.notify);
  let attempt = 0;
  let started = false;

  async function call<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> {
    const answer = await bridge.call(method, params);
    if (!answer.ok) throw fromWireError(answer.error);
    return answer.result as Result<M>;
  }

  /** Belongs to the newest attempt: an answer to an earlier one may come when its host thaws. */
  let generation = 0;
  let stopWatching = () => {};

  function lost() {
    generation += 1;
    stopWatching();
    feed.drop();
    attempt += 1;
    const delay = retryDelay(attempt);
    listeners.notify({ kind: 'link', link: { kind: 'lost', attempt, nextTryAt: timers.now() + delay } });
    stopWatching = timers.after(delay, open);
  }

  function open() {
    generation += 1;
    const mine = generation;
    stopWatching();
    stopWatching = timers.after(PING_PATIENCE, lost);
    feed
      .open((params) => call('events.subscribe', params))
      .then(
        () => {
          if (mine !== generation) return;
          attempt = 0;
          stopWatching();
          stopWatching = startHeartbeat({ timers, ping: () => call('host.ping', {}), onSilence: lost });
          listeners.notify({ kind: 'link', link: { kind: 'open' } });
        },
        () => {
          if (mine === generation) lost();
        },
      );
  }

  return {
    call,
    subscribe(listener) {
      const unsubscribe = listeners.add(listener);
      if (!started) {
        started = true;
        // Dropped events are requested from the last position seen, or come as a snapshot.
        bridge.subscribe(feed.receive, () => {
          feed.drop();
          open();
        });
        open();
      }
      return unsubscribe;
    },
  };
}
