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
  /**
   * Returns the way to unsubscribe. `onBehind`: events were dropped because the page did not read them, and none
   * follows until it calls `events.subscribe` again.
   */
  subscribe(listener: (event: SequencedEvent) => void, onBehind: () => void): () => void;
}

/** Names between preload script and main process; nothing else is listened to. */
export const BRIDGE_CHANNELS = {
  call: 'perch:call',
  /** An event, and its size. */
  event: 'perch:event',
  /** How much of what was sent the page has read, in the sizes that came with it. */
  read: 'perch:read',
  /** The page is too far behind: see `WindowBridge.subscribe`. */
  behind: 'perch:behind',
} as const;
/** A page tells what it has read after so much of it, not after every event. */
export const READ_EVERY = 256 * 1024;
/** The property of `window` that the bridge is found under. */
export const BRIDGE_KEY = 'perch';
