import { createListeners } from '../../shared/listeners.ts';
import type { InterruptCause, Interrupts } from './context.ts';

export interface InterruptSource extends Interrupts {
  /** Ctrl+C or a termination. The second one leaves at once, and so does one that no listener takes. */
  interrupt(): void;
  /** The reader is gone: a listener may stop its work, and nothing is forced. */
  readerLeft(): void;
}

export function createInterrupts(leave: () => void): InterruptSource {
  const listeners = createListeners<[cause: InterruptCause]>();
  let count = 0;
  const tell = (cause: InterruptCause) => {
    listeners.notify(cause);
  };
  return {
    interrupt() {
      count += 1;
      if (count > 1 || listeners.size === 0) leave();
      else tell('asked');
    },
    readerLeft: () => tell('reader-left'),
    onInterrupt(listener) {
      return listeners.add(listener);
    },
  };
}
