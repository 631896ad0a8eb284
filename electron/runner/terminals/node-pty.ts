import { basename } from 'node:path';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { messageOf } from '../../node/error-code.ts';
import type { Spawn, Terminal } from './terminal.ts';

/** Loaded with the first terminal: node-pty is optional, and its native part may not have been built. */
export async function loadNodePty(): Promise<Spawn> {
  try {
    return (await import('node-pty')).spawn;
  } catch (error) {
    throw new PerchError('TERMINALS_UNAVAILABLE', { reason: firstLine(error) }, { cause: error });
  }
}

/** @throws PerchError SESSION_START_FAILED, or what `open` threw if it was one */
export function opened(open: () => Terminal, command: string): Terminal {
  try {
    return open();
  } catch (error) {
    if (error instanceof PerchError) throw error;
    throw new PerchError(
      'SESSION_START_FAILED',
      { agent: basename(command), reason: firstLine(error) },
      { cause: error },
    );
  }
}

function firstLine(error: unknown): string {
  return messageOf(error).split('\n', 1)[0] ?? '';
}
