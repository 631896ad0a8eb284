import { PerchError, toWireError } from '../../../shared/errors/perch-error.ts';
import type { Client } from '../../core/api/client.ts';
import type { Context } from '../context.ts';
import { joinTerminal, sizeOf } from '../terminal/join.ts';

/** True when a person who can see and type sits at the terminal. With `--json` the events are for a program to read. */
export function canJoin({ stdin, stderr, values }: Context): boolean {
  return stdin.isTTY === true && stderr.isTerminal && values.json !== true;
}

/** This terminal as that of a turn, until the turn is over. Rejects when its screen could not be read. */
export async function joinTurn(options: {
  readonly context: Context;
  readonly client: Pick<Client, 'call'>;
  readonly turnId: string;
  /** The user wants it stopped. */
  readonly onLeave: () => void;
  /** Settles with the turn's end, which may come before a reading is answered. */
  readonly over: Promise<void>;
}): Promise<void> {
  const { context, client, turnId, onLeave } = options;
  const { stdin, stderr } = context;
  const over = options.over.then((): never => {
    throw new PerchError('TURN_ALREADY_ENDED');
  });
  over.catch(() => {}); // heard by the reading that it interrupts, if there is one
  try {
    await client.call('turns.resizeTerminal', { turnId, size: sizeOf(stderr) });
    await joinTerminal({
      stdin,
      // The answer's place is stdout, also for what a program leaves in its terminal.
      output: stderr,
      program: {
        read: (after) => Promise.race([client.call('turns.readTerminal', { turnId, after }), over]),
        write: (data) => client.call('turns.writeTerminal', { turnId, data }),
        resize: (size) => client.call('turns.resizeTerminal', { turnId, size }),
        leave: async () => onLeave(),
      },
    });
  } catch (error) {
    // Its end is told by an event.
    if (toWireError(error).code !== 'TURN_ALREADY_ENDED') throw error;
  }
}
