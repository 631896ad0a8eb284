/**
 * Carries whole JSON texts between two ends: a pipe with lines, a WebSocket, a message port. It knows nothing
 * of JSON-RPC. `close` is idempotent; `onClose` fires once, also for a listener added afterwards.
 */
export interface Carrier {
  send(text: string): void;
  onMessage(listener: (text: string) => void): void;
  onClose(listener: (reason: CloseReason) => void): void;
  close(reason?: CloseReason): void;
}

export interface CloseReason {
  readonly kind: 'ended' | 'failed' | 'protocol-violation';
  /** For a log, not for a person. */
  readonly message: string;
}
