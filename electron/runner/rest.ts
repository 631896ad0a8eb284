import { lstatSync } from 'node:fs';
import { bytesOf } from '../node/byte-names.ts';
import { type Clock, pause } from '../node/clock.ts';
import { messageOf } from '../node/error-code.ts';
import { createMutex } from '../node/mutex.ts';
import type { LaunchedSession } from './launched-session.ts';
import { createFreezer, type Freezer } from './sandbox/freeze/freezer.ts';
import {
  describeFamily,
  type Family,
  familiesLeft,
  isHelper,
  keysOf,
  type LeftRunning,
} from './sandbox/freeze/left-running.ts';
import { bringMounts, fallenMounts } from './sandbox/freeze/living-mounts.ts';
import { walkBelow } from './sandbox/freeze/processes.ts';
import { makeReadOnly } from './sandbox/freeze/read-only.ts';
import type { Guard } from './sandbox/guard/guard.ts';
import type { Quarantined } from './sandbox/guard/quarantine.ts';
import { type PathWatch, watchPaths } from './sandbox/guard/watch-paths.ts';
import { EMPTY_INSIDE, type Mount } from './sandbox/mounts.ts';

/**
 * A session between its turns. All of its processes are stopped then, and nothing of Perch's stands in the working
 * directory: it is the user's alone. What the user makes and saves there meanwhile is what was there when the next turn
 * begins.
 */
export interface Rest {
  /** False where its processes cannot be stopped as a whole; then it works on between turns, protected as in one. */
  readonly possible: boolean;
  /** True from the moment that the last process is stopped until the next turn: what comes meanwhile is the user's. */
  isResting(): boolean;
  /** Answers with what was set aside, after the last process was stopped. @throws when they cannot be stopped */
  begin(): Promise<Quarantined[]>;
  /** Protects the working directory and lets the processes go on. @throws RestError when the session must be ended */
  end(): Promise<void>;
  /**
   * Watches what is protected, for as long as a turn runs. What was replaced is protected again within moments, and is
   * the user's. `unclear`: it was also written to in these moments, maybe by the session. `failed`: it could not be
   * protected. Answers with what ends the watch.
   */
  watch(on: { unclear(path: string): void; failed(error: unknown): void }): () => Promise<void>;
  /**
   * Lets the processes go on for their last moments, without a word in the working directory: nothing of the host's
   * can be written but the agent's own state. False when they must be killed instead.
   */
  dismiss(): Promise<boolean>;
  /** The processes that its turns left, beside the agent's own. */
  left(): LeftRunning[];
  /**
   * Ends one of them for good, with its descendants, stopped or not. Undefined when there is no such any more,
   * otherwise what was set aside by that. @throws Error when the session must be ended
   */
  kill(id: string): Promise<Quarantined[] | undefined>;
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

interface RestDependencies {
  readonly launched: Pick<LaunchedSession, 'innerRoot' | 'hasExited'>;
  readonly guard: Guard | undefined;
  readonly clock: Clock;
  /** The folders of the host that the session may write to, without the agent's own state. */
  readonly writable: readonly string[];
}

export function createRest({ launched, guard, clock, writable }: RestDependencies): Rest {
  const root = guard === undefined ? undefined : launched.innerRoot();
  if (guard === undefined || root === undefined) {
    const nothing = (): void => undefined;
    return {
      possible: false,
      isResting: () => false,
      begin: async () => (await guard?.inspect()) ?? [],
      end: async () => undefined,
      watch: () => async () => undefined,
      dismiss: async () => true,
      left: () => [],
      kill: async () => undefined,
      leave: nothing,
    };
  }
  const freezer = createFreezer({ root, clock });
  const own = keysOf(walkBelow(root));
  const families = (): Family[] => familiesLeft(walkBelow(root), own, isHelper);
  /** The placeholders stand while a turn runs. */
  let mounts: readonly Mount[] = guard.mounts;
  let wasAtWork = false;
  // Steps run one after the other: the next prompt may come while the last one's processes are being stopped.
  const inTurn = createMutex();
  return {
    possible: true,
    isResting: freezer.isFrozen,
    begin: () => inTurn(() => begin(freezer, guard)),
    end: () =>
      inTurn(async () => {
        mounts = (await end({ freezer, guard, root, clock })) ?? mounts;
      }).catch((error: unknown) => {
        wasAtWork = error instanceof RestError && error.broken;
        throw error;
      }),
    watch(on) {
      const paths = mounts.map(({ path }) => path).filter((path) => path !== EMPTY_INSIDE);
      let vacant: readonly string[] = [];
      const look = (): Promise<void> =>
        inTurn(async () => {
          if (launched.hasExited()) return;
          ({ mounts, vacant } = await protectAgain({ freezer, guard, root, clock, mounts, vacant, watched, on }));
        }).catch((error: unknown) => {
          if (!launched.hasExited()) on.failed(error);
        });
      const watched = watchPaths(paths, () => void look());
      return async () => {
        watched.close();
        // Once more: the last change may not have been told yet.
        await look();
      };
    },
    dismiss: () => inTurn(() => dismiss({ freezer, guard, root, clock, writable })),
    left: () => (launched.hasExited() ? [] : families().map(describeFamily)),
    kill: (id) =>
      inTurn(async () => {
        if (launched.hasExited()) return undefined;
        const rests = freezer.isFrozen();
        if (!families().some((one) => one.id === id)) return undefined;
        // The end of one process may let others go on, so the working directory is protected for that moment.
        if (rests) mounts = await protect({ freezer, guard, root, clock });
        else await freezer.freeze();
        const family = families().find((one) => one.id === id);
        await freezer.kill(family?.members ?? []);
        return rests ? begin(freezer, guard) : [];
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

interface Protecting {
  readonly freezer: Freezer;
  readonly guard: Guard;
  readonly root: number;
  readonly clock: Clock;
  readonly mounts: readonly Mount[];
  /** Paths that were protected until the user took away what was there. */
  readonly vacant: readonly string[];
  readonly watched: PathWatch;
  readonly on: { unclear(path: string): void };
}

/** Answers with the mounts that stand then, and the paths where nothing is to be protected. */
async function protectAgain(own: Protecting): Promise<Pick<Protecting, 'mounts' | 'vacant'>> {
  const { freezer, guard, root, clock, mounts, vacant, watched, on } = own;
  const isSame = fallenMounts(root, mounts).length === 0 && vacant.every(isAbsent);
  if (freezer.isFrozen() || isSame) return { mounts, vacant };
  await freezer.freeze();
  await untilThere(() => fallenMounts(root, mounts).map(({ path }) => path), clock);
  const written = new Set<string>();
  for (let attempt = 1; ; attempt++) {
    try {
      // Others may have fallen while it took.
      const fallen = fallenMounts(root, mounts).map(({ path }) => path);
      const paths = [...new Set([...fallen, ...vacant])];
      // The system's notes of the last writes come with the next turn of the loop.
      await new Promise((resolve) => setImmediate(resolve));
      for (const path of watched.taken()) written.add(path);
      const again = guard.again(paths);
      await bringMounts(root, again, clock);
      // Saved once more while the mounts were brought: also that was the user, for the session is stopped.
      guard.again(paths.filter((path) => !isAbsent(path)));
      const absent = paths.filter(isAbsent);
      // Both could make what is in a place that was empty for a while; a link has no mount of its own.
      const isUnclear = (path: string): boolean => written.has(path) || vacant.includes(path);
      for (const path of paths) if (isUnclear(path) && !absent.includes(path)) on.unclear(path);
      freezer.thaw();
      return { mounts: [...mounts.filter(({ path }) => !paths.includes(path)), ...again], vacant: absent };
    } catch (error) {
      // The user is at it, and what was just found is gone again. All of the session stands meanwhile.
      if (attempt >= ATTEMPTS) throw error;
      await pause(clock, AGAIN_MS);
    }
  }
}

/** Milliseconds in which an editor that moves the old file away has written the new one, also on a busy machine. */
const SAVING_MS = 1000;
const LOOK_MS = 20;

/**
 * An editor that keeps a backup moves the file away first, and git takes it away before it writes another. What would
 * stand there meanwhile is in their way, and what they write next is still the user's.
 */
async function untilThere(paths: () => readonly string[], clock: Clock): Promise<void> {
  const end = clock.now() + SAVING_MS;
  while (clock.now() < end && paths().some(isAbsent)) await pause(clock, LOOK_MS);
}

/** To protect again what the user saves at the same time. */
const ATTEMPTS = 12;
const AGAIN_MS = 20;

interface Resting {
  readonly freezer: Freezer;
  readonly guard: Guard;
  readonly root: number;
  readonly clock: Clock;
}

/** Answers with the mounts that stand then; undefined when nothing was stopped. */
async function end(own: Resting): Promise<readonly Mount[] | undefined> {
  if (!own.freezer.isFrozen()) return undefined;
  const mounts = await protect(own);
  own.freezer.thaw();
  return mounts;
}

/** Before stopped processes go on. Answers with the mounts that stand then. */
async function protect({ freezer, guard, root, clock }: Resting): Promise<readonly Mount[]> {
  refuseBroken(freezer.broken());
  let renewed: Awaited<ReturnType<Guard['renew']>>;
  try {
    renewed = await guard.renew();
    await bringMounts(root, renewed.mounts, clock);
  } catch (error) {
    refuseBroken(freezer.broken());
    throw new RestError(messageOf(error), false);
  }
  // Once more, after the last look: only then is what was found the user's.
  refuseBroken(freezer.broken());
  renewed.commit();
  return renewed.mounts;
}

/** False when they must be killed. */
async function dismiss(own: Resting & { readonly writable: readonly string[] }): Promise<boolean> {
  const { freezer, guard, root, clock, writable } = own;
  if (!freezer.isFrozen()) return true;
  const isClosed = await makeReadOnly(root, writable, clock).catch(() => false);
  if (!isClosed || freezer.broken() !== undefined) return false;
  guard.leave();
  freezer.thaw();
  return true;
}

const isAbsent = (path: string): boolean => lstatSync(bytesOf(path), { throwIfNoEntry: false }) === undefined;

function refuseBroken(broken: string | undefined): void {
  if (broken !== undefined) throw new RestError(broken, true);
}
