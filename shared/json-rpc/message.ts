export type RequestId = string | number;

/** A JSON-RPC 2.0 message after its shape was checked. Params, results and error data are still anything. */
export type Message =
  | { readonly kind: 'request'; readonly id: RequestId; readonly method: string; readonly params: unknown }
  | { readonly kind: 'notification'; readonly method: string; readonly params: unknown }
  | { readonly kind: 'result'; readonly id: RequestId; readonly result: unknown }
  | { readonly kind: 'error'; readonly id: RequestId | null; readonly error: RpcError }
  | { readonly kind: 'invalid'; readonly reason: string; readonly id?: RequestId };

export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** JSON-RPC's own numbers; every error of ours travels as APPLICATION with its WireError as `data`. */
export const RPC_CODES = { invalidRequest: -32600, methodNotFound: -32601, application: -32000 } as const;

/** Batches are not part of this protocol: an array is invalid. Never throws. */
export function parseMessage(text: string): Message {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return invalid('not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return invalid('not an object');
  return classify(value as Readonly<Record<string, unknown>>);
}

function classify(value: Readonly<Record<string, unknown>>): Message {
  const { id, method } = value;
  if (value.jsonrpc !== '2.0') return invalid('not JSON-RPC 2.0', id);
  if (Object.hasOwn(value, 'method')) {
    if (typeof method !== 'string') return invalid('the method is not a string', id);
    if (!Object.hasOwn(value, 'id')) return { kind: 'notification', method, params: value.params };
    return isId(id)
      ? { kind: 'request', id, method, params: value.params }
      : invalid('the id is neither text nor number');
  }
  const hasResult = Object.hasOwn(value, 'result');
  if (hasResult === Object.hasOwn(value, 'error')) return invalid('neither request nor response');
  if (hasResult) return isId(id) ? { kind: 'result', id, result: value.result } : invalid('a result without id');
  if (!isId(id) && id !== null) return invalid('an error without id');
  return isRpcError(value.error) ? { kind: 'error', id, error: value.error } : invalid('the error has no code');
}

function invalid(reason: string, id?: unknown): Message {
  return isId(id) ? { kind: 'invalid', reason, id } : { kind: 'invalid', reason };
}

function isId(id: unknown): id is RequestId {
  return typeof id === 'string' || (typeof id === 'number' && Number.isFinite(id));
}

function isRpcError(error: unknown): error is RpcError {
  if (typeof error !== 'object' || error === null) return false;
  const { code, message } = error as Readonly<Record<string, unknown>>;
  return typeof code === 'number' && typeof message === 'string';
}
