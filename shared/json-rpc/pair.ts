import type { Carrier } from './carrier.ts';
import { type CarrierEnd, createCarrierEnd } from './carrier-end.ts';

/**
 * Two carriers joined in memory, for tests. Delivery is asynchronous and in order, as over a wire: what was sent
 * before a close still arrives before it.
 */
export function createCarrierPair(): [Carrier, Carrier] {
  const left = createEnd(() => right);
  const right = createEnd(() => left);
  return [left.carrier, right.carrier];
}

function createEnd(other: () => CarrierEnd): CarrierEnd {
  return createCarrierEnd({
    send: (text) => void Promise.resolve().then(() => other().receive(text)),
    close: () =>
      void Promise.resolve().then(() => other().ended({ kind: 'ended', message: 'closed by the other side' })),
  });
}
