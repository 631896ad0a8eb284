import { fromWireError, PerchError, toWireError } from '../errors/perch-error.ts';
import { wireErrorSchema } from '../errors/schema.ts';
import type { CloseReason } from './carrier.ts';
import { RPC_CODES, type RpcError } from './message.ts';

/** A request that can get no answer any more, because the connection is gone. Says nothing of whether it was done. */
export class PeerClosedError extends Error {
  override readonly name = 'PeerClosedError';
  readonly reason: CloseReason;

  constructor(reason: CloseReason) {
    super(`the connection is closed: ${reason.message}`);
    this.reason = reason;
  }
}

export function toRpcError(error: unknown): RpcError {
  const data = toWireError(error);
  return { code: RPC_CODES.application, message: data.code, data };
}

/** An error that is none of ours (an unknown code, a foreign peer) becomes INTERNAL; its text stays the cause. */
export function fromRpcError({ code, message, data }: RpcError): PerchError {
  const wire = wireErrorSchema.safeParse(data);
  if (wire.success) {
    const { details, ...rest } = wire.data;
    return fromWireError(details === undefined ? rest : { ...rest, details });
  }
  const cause = new Error(`${code} ${message}`);
  return new PerchError(code === RPC_CODES.methodNotFound ? 'METHOD_NOT_FOUND' : 'INTERNAL', {}, { cause });
}
