import type { Carrier } from '../../../shared/json-rpc/carrier.ts';
import { createCarrierEnd } from '../../../shared/json-rpc/carrier-end.ts';

/** Electron's channel from a utility process to the main process. Its end is the end of this process. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
}

/** The port of a utility process, undefined under plain Node. */
export function findParentPort(host: object): ParentPort | undefined {
  return (host as { readonly parentPort?: ParentPort | null }).parentPort ?? undefined;
}

export function createParentPortCarrier(port: ParentPort): Carrier {
  const end = createCarrierEnd({ send: (text) => port.postMessage(text), close: () => undefined });
  port.on('message', ({ data }) => {
    if (typeof data === 'string') end.receive(data);
    else end.carrier.close({ kind: 'protocol-violation', message: 'a message that is no text' });
  });
  return end.carrier;
}
