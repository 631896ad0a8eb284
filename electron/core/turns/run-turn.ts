import { defined } from '../../../shared/defined.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { type ActiveTurn, hasEnded } from './active-turn.ts';
import type { Ending } from './ending.ts';
import { createTurnSessionOpener, type TurnSessionParts } from './open-turn-session.ts';
import type { TurnCheckpoints, TurnRunner } from './ports.ts';
import { agentSurvives } from './survivable.ts';

export type TurnDriver = ReturnType<typeof createTurnDriver>;

/** Takes an accepted turn to its end. Called when the turns before it in its session are over. Never rejects. */
export function createTurnDriver(
  options: TurnSessionParts & { runner: TurnRunner; ending: Ending; checkpoints: TurnCheckpoints },
) {
  const { runner, sessions, ending, checkpoints } = options;
  const session = createTurnSessionOpener(options);

  /** `session-gone`: the agent of the reused session died unnoticed, and the prompt did not arrive. */
  async function prompt(turn: ActiveTurn): Promise<'over' | 'session-gone'> {
    turn.phase = 'prompting';
    turn.attempt += 1;
    const { sessionId, turnId, rules, instructions } = turn;
    const text = instructions === undefined ? turn.prompt : `${instructions}\n\n${turn.prompt}`;
    const request = { sessionId, turnId, prompt: text, ...defined({ rules }) };
    const answered = runner.request('session.prompt', request).then(
      async (result) => {
        // Its last words come first.
        await turn.terminal?.settled;
        ending.answered(turn, result);
        return 'over' as const;
      },
      (error: unknown) => {
        if (error instanceof PerchError && error.code === 'NOT_FOUND') return 'session-gone' as const;
        ending.threw(turn, error);
        return 'over' as const;
      },
    );
    turn.terminal?.prompted();
    return Promise.race([answered, turn.finished.promise.then(() => 'over' as const)]);
  }

  async function attempt(turn: ActiveTurn, waited: boolean): Promise<'over' | 'session-gone'> {
    await session.open(turn, waited);
    if (turn.cancelRequested) ending.cancelled(turn);
    return hasEnded(turn) ? 'over' : prompt(turn);
  }

  async function runToEnd(turn: ActiveTurn, waited: boolean): Promise<void> {
    if ((await attempt(turn, waited)) === 'over') return;
    sessions.forget(turn.sessionId);
    turn.phase = 'queued';
    turn.trouble = {};
    if (turn.cancelRequested) ending.cancelled(turn);
    else if ((await attempt(turn, true)) === 'session-gone') {
      ending.threw(turn, new PerchError('AGENT_EXITED', { agent: turn.agentId, status: 'twice' }));
    }
  }

  /** Leaves the session as the next turn may find it. */
  async function leaveSession({ sessionId, outcome, terminal }: ActiveTurn): Promise<void> {
    if (!sessions.isOpen(sessionId)) return;
    const goesOn = terminal === undefined && outcome !== undefined && agentSurvives(outcome);
    await (goesOn ? sessions.release(sessionId) : sessions.close(sessionId));
  }

  return {
    async run(turn: ActiveTurn, waited: boolean): Promise<void> {
      if (hasEnded(turn)) return;
      try {
        await runToEnd(turn, waited);
      } catch (error) {
        ending.threw(turn, error);
      }
      await leaveSession(turn);
      await checkpoints.after(turn);
    },
  };
}
