import { EVENT_NOTIFICATION } from '../../../shared/contract/events.ts';
import type { Caller } from '../../../shared/contract/methods.ts';
import type { Carrier, CloseReason } from '../../../shared/json-rpc/carrier.ts';
import { createPeer } from '../../../shared/json-rpc/peer.ts';
import { openConnection, type Served } from './connection.ts';

interface Door {
  readonly closed: Promise<CloseReason>;
  close(reason?: CloseReason): void;
}

/**
 * Serves the contract over a carrier as JSON-RPC: requests are methods, the notification `event` carries a
 * SequencedEvent. How much may wait for a client that does not read is the carrier's own limit.
 */
export function openDoor(options: { app: Served; carrier: Carrier; caller: Caller }): Door {
  const { app, carrier, caller } = options;
  const connection = openConnection({ app, caller, onEvent: (event) => peer.notify(EVENT_NOTIFICATION, event) });
  const note = (message: string) => app.log.write({ level: 'warn', source: 'api', message });
  const peer = createPeer({
    carrier,
    onRequest: (method, params) => connection.call(method, params),
    onNotification: () => note(`a ${caller.kind} sent a notification, which no client has a reason to do`),
    // Its kind alone: what a client sent may hold a secret.
    onProtocolError: (error) => note(`a ${caller.kind} broke the protocol: ${error.kind}`),
  });
  void peer.closed.then(() => connection.close());
  return { closed: peer.closed, close: (reason) => peer.close(reason) };
}
