import type { ProtocolError } from '../../../shared/json-rpc/peer.ts';

/** A protocol error as a line of the runner's log. An excerpt is what the runner wrote; the log redacts it. */
export function describeProtocolError(error: ProtocolError): string {
  switch (error.kind) {
    case 'invalid-message':
      return `the runner wrote what is no message (${error.reason}): ${error.excerpt}`;
    case 'unknown-response':
    case 'duplicate-response':
      return `the runner answered request ${error.id}, which is not open (${error.kind})`;
    case 'duplicate-request':
      return `the runner asked ${error.method} twice under the id ${error.id}`;
    case 'rejected-by-peer':
      return `the runner could not read a message: ${error.error.message}`;
    case 'listener-failed':
      return `handling ${error.method} failed: ${error.cause instanceof Error ? error.cause.stack : String(error.cause)}`;
  }
}
