import type { Clock } from './process/clock.ts';
import { createFreezer, type Freezer } from './sandbox/freeze/freezer.ts';
import { bringMounts } from './sandbox/freeze/living-mounts.ts';
import type { Guard } from './sandbox/guard/guard.ts';
import type { Quarantined } from './sandbox/guard/quarantine.ts';
import type { LaunchedSession } from './session.ts';

/**
 * A session between its turns. All of its processes are stopped then, and nothing of Perch's stands in the working
 * directory: it is the user's alone. What the user makes and saves there meanwhile is what was there when the next turn
 * begins.
 */
export interface Rest {
  /** False where its processes cannot be stopped as a whole; then it works on between turns, protected as in one. */
  readonly possible: boolean;
  /** Answers with what was set aside, after the last process was stopped. @throws when they cannot be stopped */
  begin(): Promise<Quarantined[]>;
  /** Protects the working directory and lets the processes go on. @throws RestError when the session must be ended */
  end(): Promise<void>;
  /** Before its processes are killed: what has come while they were stopped is the user's. */
  leave(): void;
}

export class RestError extends Error {
  override readonly name = 'RestError';
  /** True when a process of the session was at work although all were stopped. */
  readonly broken: boolean;
  constructor(message: string, broken: boolean) {
    super(message);
    this.broken = broken;
  }
}

export interface RestDependencies {
  readonly launched: Pick<LaunchedSession, 'innerRoot' | 'hasExited'>;
  readonly guard: Guard | undefined;
  readonly clock: Clock;
}

export function createRest({ launched, guard, clock }: RestDependencies): Rest {
  const root = guard === undefined ? undefined : launched.innerRoot();
  if (guard === undefined || root === undefined) {
    const nothing = (): void => undefined;
    return {
      possible: false,
      begin: async () => (await guard?.inspect()) ?? [],
      end: async () => undefined,
      leave: nothing,
    };
  }
  const freezer = createFreezer({ root, clock });
  let wasAtWork = false;
  // One after the other: the next prompt may come while the last one's processes are being stopped.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(action: () => Promise<T>): Promise<T> => {
    const next = last.then(action, action);
    last = next.catch(() => undefined);
    return next;
  };
  return {
    possible: true,
    begin: () => inTurn(() => begin(freezer, guard)),
    end: () =>
      inTurn(() => end({ freezer, guard, root, clock })).catch((error: unknown) => {
        wasAtWork = error instanceof RestError && error.broken;
        throw error;
      }),
    leave() {
      if (wasAtWork || !freezer.isFrozen()) return;
      if (launched.hasExited() || freezer.broken() === undefined) guard.leave();
    },
  };
}

async function begin(freezer: Freezer, guard: Guard): Promise<Quarantined[]> {
  if (freezer.isFrozen()) return [];
  await freezer.freeze();
  const found = await guard.inspect();
  guard.rest();
  return found;
}

async function end(own: { freezer: Freezer; guard: Guard; root: number; clock: Clock }): Promise<void> {
  const { freezer, guard, root, clock } = own;
  if (!freezer.isFrozen()) return;
  refuseBroken(freezer.broken());
  let commit: () => void;
  try {
    const renewed = await guard.renew();
    commit = renewed.commit;
    await bringMounts(root, renewed.mounts, clock);
  } catch (error) {
    refuseBroken(freezer.broken());
    throw new RestError(error instanceof Error ? error.message : String(error), false);
  }
  // Once more, after the last look: only then is what was found the user's.
  refuseBroken(freezer.broken());
  commit();
  freezer.thaw();
}

function refuseBroken(broken: string | undefined): void {
  if (broken !== undefined) throw new RestError(broken, true);
}
