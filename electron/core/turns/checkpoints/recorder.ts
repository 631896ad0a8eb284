import type { Clock } from '../../../node/clock.ts';
import type { LogWriter } from '../../storage/logs/log-store.ts';
import type { TurnCheckpoints } from '../ports.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import { CheckpointProblem } from './git.ts';
import type { Repositories } from './repositories.ts';

/** A folder that took too long so often in a row is not waited for again before the next start. */
const MAX_SLOW = 3;
/** Milliseconds that the end of Perch waits for the second side of a turn. */
const SETTLED_MS = 4000;

interface CheckpointTurn {
  readonly turnId: string;
  readonly projectDir: string;
}

export interface CheckpointRecorder extends TurnCheckpoints {
  /** When no turn is between its two sides any more; a turn that has just ended may be. Bounded, never rejects. */
  settled(): Promise<void>;
}

/** Records the files of a working directory before and after a turn, and keeps both sides of one that changed some. */
export function createCheckpointRecorder(options: {
  readonly store: Pick<CheckpointStore, 'add'>;
  readonly repositories: Pick<Repositories, 'run'>;
  readonly clock: Pick<Clock, 'after'>;
  readonly log: LogWriter;
  /** A turn can be undone now. */
  readonly onChange: () => void;
}): CheckpointRecorder {
  const { store, repositories, clock, log, onChange } = options;
  /** The first side of each turn that has no second one yet. */
  const started = new Map<string, string>();
  const slow = new Map<string, number>();
  let onSettled = () => {};

  function problemOf(error: unknown, turn: CheckpointTurn): CheckpointProblem {
    const problem = error instanceof CheckpointProblem ? error : new CheckpointProblem('git-failed', String(error));
    const message = `no checkpoint of ${turn.projectDir}: ${problem.message}`;
    log.write({ level: 'warn', source: 'checkpoints', message, turnId: turn.turnId });
    return problem;
  }

  return {
    async before(turn) {
      const { turnId, projectDir } = turn;
      const slowBefore = slow.get(projectDir) ?? 0;
      try {
        if (slowBefore >= MAX_SLOW) throw new CheckpointProblem('too-slow');
        started.set(turnId, await repositories.run(projectDir, (repository) => repository.snapshot()));
        slow.delete(projectDir);
        return undefined;
      } catch (error) {
        const { reason, told } = problemOf(error, turn);
        if (reason === 'too-slow') slow.set(projectDir, slowBefore + 1);
        return { level: 'info', key: `notice.no-checkpoint-${reason}`, values: told === '' ? {} : { told } };
      }
    },
    async after(turn) {
      const { turnId, projectDir } = turn;
      const before = started.get(turnId);
      if (before === undefined) return;
      try {
        await repositories.run(projectDir, async (repository) => {
          const after = await repository.snapshot();
          const files = (await repository.changes(before, after)).length;
          if (files === 0) return;
          await repository.keep(turnId, [before, after]);
          store.add({ turnId, before, after, files });
          onChange();
        });
      } catch (error) {
        problemOf(error, turn);
      } finally {
        started.delete(turnId);
        if (started.size === 0) onSettled();
      }
    },
    async settled() {
      if (started.size === 0) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      onSettled = resolve;
      const stopTimer = clock.after(SETTLED_MS, resolve);
      await promise;
      stopTimer();
    },
  };
}
