import type { AppEvent } from '../../shared/contract/events.ts';
import type { MethodName, Params, Result } from '../../shared/contract/methods.ts';
import type { AppState } from '../../shared/contract/state.ts';

/** Whether the window hears the core at all. Apart from the connection state, which the core decides. */
export type LinkState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  /** Times are milliseconds since the epoch. */
  | {
      readonly kind: 'lost';
      readonly attempt: number;
      readonly nextTryAt: number;
      /** The last one, as the connection gave it; for a detail, not for a sentence (R37). */
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
