/** Bounds of one session's way out. Times in milliseconds. */
export interface EgressLimits {
  readonly connections: number;
  /** From a connection's first byte to the end of what it asks for. */
  readonly handshake: number;
  /** For a name to become addresses, and again for one of them to answer. */
  readonly connect: number;
  /** Without a byte in either direction. Long: a model may think for minutes before its first word. */
  readonly idle: number;
  readonly headerBytes: number;
}

export const EGRESS_LIMITS: EgressLimits = {
  connections: 256,
  handshake: 30_000,
  connect: 30_000,
  idle: 30 * 60_000,
  headerBytes: 64 * 1024,
};
