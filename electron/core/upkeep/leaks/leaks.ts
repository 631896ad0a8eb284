import type { Leak } from '../../../../shared/model/leak.ts';
import type { Clock } from '../../../node/clock.ts';
import type { RunnerSupervisor } from '../../runner-host/supervisor.ts';
import type { SessionFacts } from '../../turns/sessions.ts';

const MOST = 20;

export interface Leaks {
  /** Newest first, each variable of an agent and place once. */
  list(): Leak[];
  dismiss(): void;
}

/** The secret exposures that a window is alerted to. The turn itself keeps a line about each. */
export function createLeaks(options: {
  runner: Pick<RunnerSupervisor, 'onNotification'>;
  sessions: () => readonly SessionFacts[];
  clock: Pick<Clock, 'now'>;
  onChange: () => void;
}): Leaks {
  const { runner, sessions, clock, onChange } = options;
  let leaks: readonly Leak[] = [];

  runner.onNotification('secret.found', ({ sessionId, turnId, variable, where }) => {
    const session = sessions().find((one) => one.sessionId === sessionId);
    if (session === undefined) return;
    const { agentId, providerId } = session;
    const turn = turnId === undefined ? {} : { turnId };
    const provider = providerId === undefined ? {} : { providerId };
    const leak: Leak = { variable, where, agentId, ...provider, sessionId, ...turn, at: clock.now() };
    leaks = [leak, ...leaks.filter((one) => keyOf(one) !== keyOf(leak))].slice(0, MOST);
    onChange();
  });

  return {
    list: () => [...leaks],
    dismiss() {
      if (leaks.length === 0) return;
      leaks = [];
      onChange();
    },
  };
}

function keyOf({ agentId, variable, where }: Leak): string {
  return JSON.stringify([agentId, variable, where]);
}
