import type { MethodName, Params, Result } from '../../shared/contract/methods.ts';
import { PerchError } from '../../shared/errors/perch-error.ts';
import type { CloseReason } from '../../shared/json-rpc/carrier.ts';
import { createPeer, type Peer } from '../../shared/json-rpc/peer.ts';
import { createListeners } from '../../shared/listeners.ts';
import { createEventFeed } from './event-feed.ts';
import { PING_PATIENCE, startHeartbeat } from './heartbeat.ts';
import type { Timers } from './timers.ts';
import type { Transport, TransportMessage } from './transport.ts';
import { createWebCarrier, type Socket } from './web-carrier.ts';
import { EVENT_NOTIFICATION, type SequencedEvent } from './wire.ts';

/** Milliseconds before the first retry; doubled each time up to the last. */
const FIRST_DELAY = 300;
const LAST_DELAY = 10_000;

interface WebSocketDependencies {
  readonly connect: () => Socket;
  readonly timers: Timers;
}

export function retryDelay(attempt: number): number {
  return Math.min(LAST_DELAY, FIRST_DELAY * 2 ** (attempt - 1));
}

/** The door of a loopback host. Connects again by itself for as long as the window is open. */
export function createWebSocketTransport({ connect, timers }: WebSocketDependencies): Transport {
  const listeners = createListeners<[message: TransportMessage]>();
  const feed = createEventFeed(listeners.notify);
  let peer: Peer | undefined;
  let attempt = 0;
  let started = false;
  /** Submissions under way, and those whose connection ended before the answer. */
  const unanswered = new Set<string>();

  function start() {
    if (started) return;
    started = true;
    open();
  }

  function open() {
    const carrier = createWebCarrier(connect());
    const silent = () => carrier.close({ kind: 'failed', message: 'the host does not answer' });
    // A frozen host's socket is accepted by its system, and nothing follows.
    let stopWatching = timers.after(PING_PATIENCE, silent);
    carrier.onClose(() => stopWatching());
    const mine = createPeer({
      carrier,
      onRequest: () => Promise.reject(new PerchError('METHOD_NOT_FOUND')),
      onNotification: (method, params) => {
        if (method === EVENT_NOTIFICATION) feed.receive(params as SequencedEvent);
      },
    });
    carrier.onClose(retry);
    carrier.onOpen(() => {
      peer = mine;
      // A subscription that fails on an open socket is treated like a lost one: without it the window is blind.
      feed
        .open((params) => mine.request('events.subscribe', params) as Promise<Result<'events.subscribe'>>)
        .then(
          () => {
            attempt = 0;
            stopWatching();
            stopWatching = startHeartbeat({ timers, ping: () => mine.request('host.ping', {}), onSilence: silent });
            // The state shows from here on what became of them.
            unanswered.clear();
            listeners.notify({ kind: 'link', link: { kind: 'open' } });
          },
          () => mine.close(),
        );
    });
  }

  function retry({ message }: CloseReason) {
    peer = undefined;
    feed.drop();
    attempt += 1;
    const delay = retryDelay(attempt);
    const details = { reason: message, unansweredTurnIds: [...unanswered] };
    listeners.notify({ kind: 'link', link: { kind: 'lost', attempt, nextTryAt: timers.now() + delay, ...details } });
    timers.after(delay, open);
  }

  return {
    async call<M extends MethodName>(method: M, params: Params<M>) {
      if (peer === undefined) throw new PerchError('CORE_UNREACHABLE');
      const live = peer;
      const turnId = method === 'turns.submit' ? (params as Params<'turns.submit'>).turnId : undefined;
      if (turnId !== undefined) unanswered.add(turnId);
      try {
        const result = (await live.request(method, params)) as Result<M>;
        if (turnId !== undefined) unanswered.delete(turnId);
        return result;
      } catch (error) {
        if (!(error instanceof PerchError)) throw new PerchError('CORE_UNREACHABLE', {}, { cause: error });
        // A refusal is an answer.
        if (turnId !== undefined) unanswered.delete(turnId);
        throw error;
      }
    },
    subscribe(listener) {
      const unsubscribe = listeners.add(listener);
      start();
      return unsubscribe;
    },
  };
}
