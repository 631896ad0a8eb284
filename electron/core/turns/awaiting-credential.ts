import { defined } from '../../../shared/defined.ts';
import { isAwaited } from '../../../shared/errors/awaited.ts';
import type { ErrorCode } from '../../../shared/errors/codes.ts';
import { PerchError, toWireError } from '../../../shared/errors/perch-error.ts';
import type { Launch } from '../launch/launch.ts';
import type { ActiveTurn } from './active-turn.ts';
import type { Recorder } from './recorder.ts';

export type AwaitingCredential = ReturnType<typeof createAwaitingCredential>;

/** True for the errors that a stored credential can mend. */
export function isMissingCredential(error: unknown): error is PerchError {
  return error instanceof PerchError && isAwaited(error);
}

/** Turns that wait for a credential, and go on when the launch gate lets them. */
export function createAwaitingCredential({ recorder }: { recorder: Pick<Recorder, 'record'> }) {
  let changed = Promise.withResolvers<void>();

  return {
    /** Something changed that the launch gate considers: every waiting turn asks it again. */
    lookAgain(): void {
      changed.resolve();
      changed = Promise.withResolvers<void>();
    },
    /**
     * Asks until there is a launch. Undefined when the turn ended meanwhile. Anything that no credential helps with is
     * thrown on.
     */
    async launch(turn: ActiveTurn, prepare: () => Promise<Launch>): Promise<Launch | undefined> {
      let told: ErrorCode | undefined;
      for (;;) {
        const { promise: change } = changed;
        try {
          const launch = await prepare();
          if (isWaiting(turn)) recorder.record(turn, supplied(launch));
          return launch;
        } catch (error) {
          if (!isMissingCredential(error)) throw error;
          const isNews = !isWaiting(turn) || (told !== undefined && told !== error.code);
          if (isNews) recorder.record(turn, { type: 'credential.awaited', error: toWireError(error) });
          told = error.code;
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

function supplied({ auth, providerId }: Launch) {
  return {
    type: 'credential.supplied',
    model: auth.model,
    ...defined({ providerId }),
  } as const;
}
