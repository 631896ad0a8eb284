import type { StateHub } from '../api/state-hub.ts';
import type { HostPorts } from '../ports.ts';
import { createAwake } from '../upkeep/leaving/awake.ts';
import type { Leaving } from '../upkeep/leaving/leaving.ts';
import type { Closers } from './closers.ts';

/** The host's part while turns run: it keeps the machine awake, and ends after the last one when it was asked to. */
export function followTurns(options: {
  hub: StateHub;
  leaving: Leaving;
  ports: Pick<HostPorts, 'sleep'>;
  closers: Closers;
}): void {
  const { hub, leaving, ports, closers } = options;
  const awake = ports.sleep && createAwake({ blocker: ports.sleep, state: () => hub.state });
  const { unsubscribe } = hub.subscribe({
    listener({ event }) {
      if (event.type !== 'state' || (event.slice !== 'turns' && event.slice !== 'settings')) return;
      awake?.look();
      leaving.look();
    },
  });
  awake?.look();
  closers.add('sleep', () => {
    unsubscribe();
    awake?.dispose();
  });
}
