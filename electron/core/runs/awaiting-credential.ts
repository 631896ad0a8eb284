import { PerchError, toWireError } from '../../../shared/errors/perch-error.ts';
import type { ActiveTurn } from './active-turn.ts';
import type { Launch } from './ports.ts';
import type { Recorder } from './recorder.ts';

export type AwaitingCredential = ReturnType<typeof createAwaitingCredential>;

/** What a stored credential can help with. */
export function isMissingCredential(error: unknown): error is PerchError {
  return (
    error instanceof PerchError && (error.code === 'MISSING_BYOK_CREDENTIAL' || error.code === 'CREDENTIAL_EXPIRED')
  );
}

/** Turns that wait for a credential, and go on when the launch gate lets them (R38). */
export function createAwaitingCredential({ recorder }: { recorder: Pick<Recorder, 'record'> }) {
  let changed = Promise.withResolvers<void>();

  return {
    /** Something changed that the launch gate looks at: whoever waits asks it again. */
    lookAgain(): void {
      changed.resolve();
      changed = Promise.withResolvers<void>();
    },
    /**
     * Asks until there is a launch. Undefined when the turn ended meanwhile. Anything but a missing credential is
     * thrown on.
     */
    async launch(turn: ActiveTurn, prepare: () => Promise<Launch>): Promise<Launch | undefined> {
      for (;;) {
        const { promise: change } = changed;
        try {
          const launch = await prepare();
          if (isWaiting(turn)) recorder.record(turn, supplied(launch));
          return launch;
        } catch (error) {
          if (!isMissingCredential(error)) throw error;
          if (!isWaiting(turn)) recorder.record(turn, { type: 'credential.awaited', error: toWireError(error) });
        }
        await Promise.race([change, turn.finished.promise]);
        if (turn.phase === 'ended') return undefined;
      }
    },
  };
}

export function isWaiting({ state }: Pick<ActiveTurn, 'state'>): boolean {
  return state.status === 'waiting-for-credential';
}

function supplied({ model, providerId }: Launch) {
  return { type: 'credential.supplied', model, ...(providerId === undefined ? {} : { providerId }) } as const;
}
