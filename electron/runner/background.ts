import { PerchError } from '../../shared/errors/perch-error.ts';
import type { BackgroundAction, BackgroundFacts, BackgroundProcess } from '../../shared/model/background.ts';
import type { GuardedFile } from '../../shared/model/guarded-file.ts';
import { visibleText } from '../../shared/permissions/visible.ts';
import type { Clock } from '../node/clock.ts';
import { createMutex } from '../node/mutex.ts';
import type { Found } from './aside/report.ts';
import type { Rest } from './rest.ts';
import type { LeftRunning } from './sandbox/freeze/left-running.ts';

/** The processes that turns of one session leave in the background, from the end of one turn to the next. */
export interface Background {
  /**
   * A turn has ended, and everything is stopped. Answers with what is left; lets it run on where the user wants
   * that.
   */
  afterTurn(turnId: string): Promise<Pick<BackgroundFacts, 'state' | 'processes'>>;
  /** A turn is to begin, or the session to end: nothing is told any more. */
  beforeTurn(): Promise<void>;
  /** @throws PerchError BACKGROUND_GONE, BACKGROUND_IN_TURN */
  act(action: BackgroundAction): Promise<void>;
}

interface BackgroundDependencies {
  readonly sessionId: string;
  readonly rest: Pick<Rest, 'left' | 'kill' | 'end' | 'watch'>;
  /** Stops everything once more. Answers with what was set aside. Where that fails, it has ended the session. */
  readonly pause: () => Promise<readonly Found[]>;
  /** The files among what was found; all else goes to the log. */
  readonly filesOf: (found: readonly Found[]) => GuardedFile[];
  /** A file that may be the user's. */
  readonly unclear: (path: string) => GuardedFile[];
  readonly protected: readonly string[];
  readonly ownNetwork: boolean;
  readonly redact: (text: string) => string;
  readonly clock: Clock;
  readonly tell: (facts: BackgroundFacts) => void;
  /** The session cannot go on. */
  readonly failed: (error: unknown) => void;
}

/** Milliseconds between two looks at what still lives. What is stopped can only be ended from outside. */
const LOOK_MS = { running: 1_000, paused: 3_000 };
const COMMAND_CHARS = 300;

export function createBackground(deps: BackgroundDependencies): Background {
  const { rest, clock } = deps;
  let turnId: string | undefined;
  let state: BackgroundFacts['state'] = 'paused';
  let processes: readonly BackgroundProcess[] = [];
  let found: BackgroundFacts['found'] = [];
  /** The user lets these run, in later turns' pauses too, for as long as one of them lives. */
  let kept: ReadonlySet<string> = new Set();
  let endWatch: (() => Promise<void>) | undefined;
  let stopLooking: (() => void) | undefined;
  let told = '';
  // Actions run one after the other: a turn may begin while an action is at work.
  const inTurn = createMutex();

  const look = (): void => {
    processes = rest.left().map((left) => describe(left, deps.redact));
  };
  const tell = (): void => {
    if (turnId === undefined) return;
    const { sessionId, protected: names, ownNetwork } = deps;
    const facts = { sessionId, turnId, state, processes: [...processes], protected: [...names], ownNetwork, found };
    const text = JSON.stringify(facts);
    if (text === told) return;
    told = text;
    deps.tell(facts);
  };
  const lookLater = (): void => {
    stopLooking?.();
    stopLooking = clock.after(LOOK_MS[state], () => void inTurn(lookAgain).catch(deps.failed));
  };
  const lookAgain = async (): Promise<void> => {
    if (turnId === undefined) return;
    look();
    if (processes.length === 0 && state === 'running') await pause();
    tell();
    if (processes.length > 0) lookLater();
  };

  const keep = async (): Promise<void> => {
    await rest.end();
    endWatch = rest.watch({
      unclear: (path) => {
        found = [...found, ...deps.unclear(path)];
        tell();
      },
      failed: deps.failed,
    });
    state = 'running';
    kept = new Set(processes.map(({ processId }) => processId));
  };
  const pause = async (): Promise<void> => {
    await endWatch?.();
    endWatch = undefined;
    kept = new Set();
    found = [...found, ...deps.filesOf(await deps.pause())];
    state = 'paused';
    look();
  };

  const perform = async (act: BackgroundAction): Promise<void> => {
    if (turnId === undefined) throw new PerchError('BACKGROUND_IN_TURN');
    look();
    if (processes.length === 0) throw new PerchError('BACKGROUND_GONE');
    if (act.action === 'keep' && state === 'paused') await keep();
    if (act.action === 'pause' && state === 'running') await pause();
    if (act.action === 'stop') {
      const aside = await rest.kill(act.processId);
      if (aside === undefined) throw new PerchError('BACKGROUND_GONE');
      found = [...found, ...deps.filesOf(aside)];
      look();
      if (processes.length === 0 && state === 'running') await pause();
    }
  };

  return {
    afterTurn: (of) =>
      inTurn(async () => {
        turnId = of;
        state = 'paused';
        found = [];
        look();
        const left = processes;
        if (left.some(({ processId }) => kept.has(processId))) await keep();
        else kept = new Set();
        tell();
        if (left.length > 0) lookLater();
        return { state, processes: [...left] };
      }).catch((error: unknown) => {
        deps.failed(error);
        return { state, processes: [] };
      }),
    beforeTurn() {
      turnId = undefined;
      told = '';
      stopLooking?.();
      return inTurn(async () => {
        stopLooking?.();
        await endWatch?.();
        endWatch = undefined;
      });
    },
    act: (act) =>
      inTurn(() => perform(act))
        .catch((error: unknown) => {
          if (!(error instanceof PerchError)) deps.failed(error);
          throw error;
        })
        .finally(() => {
          tell();
          if (turnId !== undefined && processes.length > 0) lookLater();
        }),
  };
}

function describe({ id, command, ports }: LeftRunning, redact: (text: string) => string): BackgroundProcess {
  // Withheld before it is shortened: a cut would leave a half of a secret that nothing recognises.
  const text = visibleText(redact(command).replace(/\s+/g, ' '));
  const shown = text.length > COMMAND_CHARS ? `${text.slice(0, COMMAND_CHARS).toWellFormed()}…` : text;
  return { processId: id, command: shown, ports: [...ports] };
}
