import {
  type AppEvent,
  EVENT_NOTIFICATION,
  type SequencedEvent,
  sequencedEventSchema,
} from '../../../shared/contract/events.ts';
import { contract, type MethodName, type Params, type Result } from '../../../shared/contract/methods.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { Carrier, CloseReason } from '../../../shared/json-rpc/carrier.ts';
import { createPeer, PeerClosedError } from '../../../shared/json-rpc/peer.ts';
import { createListeners } from '../../../shared/listeners.ts';

/** The contract, as seen by a program on the other side of a carrier. */
export interface Client {
  /** @throws PerchError the core's refusal; CORE_UNREACHABLE when the connection ended before the answer */
  call<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>>;
  /** Events of `events.subscribe`, in order. */
  onEvent(listener: (event: AppEvent) => void): () => void;
  readonly closed: Promise<CloseReason>;
  close(): void;
}

export function createClient(carrier: Carrier): Client {
  const listeners = createListeners<[event: AppEvent]>();
  const peer = createPeer({
    carrier,
    onRequest: () => Promise.reject(new PerchError('METHOD_NOT_FOUND')),
    onNotification(method, params) {
      const event = method === EVENT_NOTIFICATION ? sequencedEventSchema.safeParse(params) : undefined;
      // A core that says what the contract does not know is no core to go on with.
      if (event?.success !== true) return peer.close({ kind: 'protocol-violation', message: `notification ${method}` });
      listeners.notify((event.data as SequencedEvent).event);
    },
  });
  return {
    async call(method, params) {
      const answer = await peer.request(method, params).catch((error: unknown) => {
        throw error instanceof PeerClosedError ? new PerchError('CORE_UNREACHABLE', {}, { cause: error }) : error;
      });
      const result = contract[method].result.safeParse(answer);
      if (!result.success) throw new PerchError('INTERNAL', {}, { cause: result.error });
      return result.data as Result<typeof method>;
    },
    onEvent(listener) {
      return listeners.add(listener);
    },
    closed: peer.closed,
    close: () => peer.close(),
  };
}
