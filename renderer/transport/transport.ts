import type { AppEvent } from '../../shared/contract/events.ts';
import type { MethodName, Params, Result } from '../../shared/contract/methods.ts';
import type { AppState } from '../../shared/contract/state.ts';

/** The window's link to the core. The core itself decides the connection state, which is another thing. */
export type LinkState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  /** Times are milliseconds since the epoch. */
  | {
      readonly kind: 'lost';
      readonly attempt: number;
      readonly nextTryAt: number;
      /** The last reason, as the connection gave it; for a detail, not for a sentence. */
      readonly reason?: string;
      /** Turns that were being submitted and got no answer: whether they run is not known yet. */
      readonly unansweredTurnIds?: readonly string[];
    };

export type TransportMessage =
  | { readonly kind: 'link'; readonly link: LinkState }
  | { readonly kind: 'snapshot'; readonly state: AppState }
  | { readonly kind: 'event'; readonly event: AppEvent };

/** The window's only way out. `call` rejects with a PerchError. */
export interface Transport {
  call<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>>;
  /** Every message from now on, in order; the first subscriber also starts the stream. */
  subscribe(listener: (message: TransportMessage) => void): () => void;
}
