import { createRequire } from 'node:module';
import type { HostInfo } from '../../../shared/model/host.ts';

/** Finds out whether embedded terminals work: node-pty is optional, and its native part may not have been built. */
export function findTerminals(from: string): HostInfo['terminals'] {
  try {
    createRequire(from)('node-pty');
    return { state: 'available' };
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
    return { state: 'unavailable', reason };
  }
}
