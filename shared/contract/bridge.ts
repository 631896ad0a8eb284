import type { WireError } from '../errors/perch-error.ts';
import type { SequencedEvent } from './events.ts';

/** An answer over the bridge. A thrown error would lose its code between Electron's worlds, so it is a value. */
export type BridgeAnswer =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly error: WireError };

/**
 * `window.perch` under Electron: the preload script puts it there, the window's transport uses it. Two verbs,
 * whatever the contract grows to. Events flow once `events.subscribe` was called.
 */
export interface WindowBridge {
  readonly hostKind: 'electron';
  call(method: string, params: unknown): Promise<BridgeAnswer>;
  /** Returns the way to unsubscribe. */
  subscribe(listener: (event: SequencedEvent) => void): () => void;
}

/** Names between preload script and main process; nothing else is listened to. */
export const BRIDGE_CHANNELS = { call: 'perch:call', event: 'perch:event' } as const;
/** The property of `window` that the bridge is found under. */
export const BRIDGE_KEY = 'perch';
