import type { PerchError } from '../errors/perch-error.ts';
import type { Carrier, CloseReason } from './carrier.ts';
import { fromRpcError, PeerClosedError, toRpcError } from './errors.ts';
import { type Message, parseMessage, type RequestId, RPC_CODES, type RpcError } from './message.ts';

export { PeerClosedError } from './errors.ts';

/** An end of a JSON-RPC 2.0 connection; both ends may send requests. */
export interface Peer {
  /**
   * Resolves with the other side's result (`null` where it answered nothing).
   * @throws PerchError what the other side refused with; PeerClosedError when no answer can come any more
   */
  request(method: string, params: unknown): Promise<unknown>;
  /** Does nothing once closed: `closed` has told it. */
  notify(method: string, params: unknown): void;
  /** Resolves once; every pending request is rejected before. */
  readonly closed: Promise<CloseReason>;
  close(reason?: CloseReason): void;
}

/** A violation of the protocol by the other side, or a failure of a listener on this side. For a log. */
export type ProtocolError =
  | { readonly kind: 'invalid-message'; readonly reason: string /** Its first characters. */; readonly excerpt: string }
  /** An answer to a question that was never asked, or one that was answered before. */
  | { readonly kind: 'unknown-response' | 'duplicate-response'; readonly id: RequestId }
  | { readonly kind: 'duplicate-request'; readonly id: RequestId; readonly method: string }
  /** The other side could not make sense of a message of ours. */
  | { readonly kind: 'rejected-by-peer'; readonly error: RpcError }
  | { readonly kind: 'listener-failed'; readonly method: string; readonly cause: unknown };

export interface PeerOptions {
  readonly carrier: Carrier;
  /** Throws PerchError to refuse; METHOD_NOT_FOUND for a method it does not know. Anything else travels as INTERNAL. */
  onRequest(method: string, params: unknown): Promise<unknown>;
  /** Called in the order of arrival, before any answer that arrived later settles. */
  onNotification(method: string, params: unknown): void;
  onProtocolError?(error: ProtocolError): void;
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: PerchError | PeerClosedError): void;
}

const EXCERPT_CHARS = 200;

export function createPeer({ carrier, onRequest, onNotification, onProtocolError }: PeerOptions): Peer {
  const pending = new Map<RequestId, Pending>();
  const answering = new Set<RequestId>();
  const { promise: closed, resolve: resolveClosed } = Promise.withResolvers<CloseReason>();
  let closeReason: CloseReason | undefined;
  let lastId = 0;

  const report = (error: ProtocolError) => onProtocolError?.(error);
  const send = (message: object) => carrier.send(JSON.stringify({ jsonrpc: '2.0', ...message }));

  const settleAll = (reason: CloseReason) => {
    if (closeReason !== undefined) return;
    closeReason = reason;
    const waiting = [...pending.values()];
    pending.clear();
    for (const { reject } of waiting) reject(new PeerClosedError(reason));
    resolveClosed(reason);
  };

  const takePending = (id: RequestId): Pending | undefined => {
    const found = pending.get(id);
    pending.delete(id);
    if (found === undefined) {
      const asked = typeof id === 'number' && Number.isInteger(id) && id > 0 && id <= lastId;
      report({ kind: asked ? 'duplicate-response' : 'unknown-response', id });
    }
    return found;
  };

  const answer = async ({ id, method, params }: Extract<Message, { kind: 'request' }>) => {
    if (answering.has(id)) return report({ kind: 'duplicate-request', id, method });
    answering.add(id);
    try {
      const result = await onRequest(method, params);
      send({ id, result: result ?? null });
    } catch (error) {
      // Also a result that JSON cannot hold ends here: the caller must not wait for ever.
      send({ id, error: toRpcError(error) });
    } finally {
      answering.delete(id);
    }
  };

  const notified = ({ method, params }: Extract<Message, { kind: 'notification' }>) => {
    try {
      onNotification(method, params);
    } catch (cause) {
      report({ kind: 'listener-failed', method, cause });
    }
  };

  const refuse = (message: Extract<Message, { kind: 'invalid' }>, text: string) => {
    report({ kind: 'invalid-message', reason: message.reason, excerpt: text.slice(0, EXCERPT_CHARS) });
    if (message.id === undefined) return;
    send({ id: message.id, error: { code: RPC_CODES.invalidRequest, message: message.reason } });
  };

  const receive = (text: string) => {
    if (closeReason !== undefined) return;
    const message = parseMessage(text);
    if (message.kind === 'request') void answer(message);
    else if (message.kind === 'notification') notified(message);
    else if (message.kind === 'result') takePending(message.id)?.resolve(message.result);
    else if (message.kind === 'invalid') refuse(message, text);
    else if (message.id === null) report({ kind: 'rejected-by-peer', error: message.error });
    else takePending(message.id)?.reject(fromRpcError(message.error));
  };

  carrier.onClose(settleAll);
  carrier.onMessage(receive);

  return {
    closed,
    async request(method, params) {
      if (closeReason !== undefined) throw new PeerClosedError(closeReason);
      const id = ++lastId;
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      pending.set(id, { resolve, reject });
      try {
        send({ id, method, params });
      } catch (error) {
        pending.delete(id);
        throw error;
      }
      return promise;
    },
    notify(method, params) {
      if (closeReason === undefined) send({ method, params });
    },
    close(reason = { kind: 'ended', message: 'closed by this side' }) {
      settleAll(reason);
      carrier.close(reason);
    },
  };
}
