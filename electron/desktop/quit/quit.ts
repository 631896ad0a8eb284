import { app, dialog, powerMonitor } from 'electron';
import type { Translate } from '../../../shared/i18n/translate.ts';
import type { TurnSummary } from '../../../shared/model/run-event.ts';
import { runningTurns } from '../../../shared/model/turn-running.ts';
import type { Served } from '../../core/api/connection.ts';
import type { Leaving } from '../../core/upkeep/leaving/leaving.ts';
import { QUIT_ANSWERS, type QuitAnswer, quitQuestion } from './question.ts';

export interface Quittable extends Served {
  readonly leaving: Pick<Leaving, 'afterTurns' | 'stay'>;
  dispose(): Promise<void>;
}

/**
 * Every way of quitting ends here. While turns run the user is asked; the system that shuts down, a signal and the core
 * itself are not kept waiting. Quitting waits until the runner is gone and everything is written; another quit
 * meanwhile changes nothing.
 */
export function guardQuit(core: Quittable, t: () => Translate): { now(): void } {
  let stage: 'running' | 'asking' | 'disposing' | 'disposed' = 'running';
  const say = (error: unknown) => core.log.write({ level: 'error', source: 'desktop', message: String(error) });
  const dispose = () => {
    if (stage === 'disposing' || stage === 'disposed') return;
    stage = 'disposing';
    core
      .dispose()
      .catch(say)
      .finally(() => {
        stage = 'disposed';
        app.quit();
      });
  };
  const obey = (answer: QuitAnswer) => {
    if (stage !== 'asking') return;
    stage = 'running';
    if (answer === 'finish') core.leaving.afterTurns();
    else if (answer === 'stay') core.leaving.stay();
    else dispose();
  };
  const ask = (running: readonly TurnSummary[]) => {
    stage = 'asking';
    dialog.showMessageBox(quitQuestion(running, t())).then(
      ({ response }) => obey(QUIT_ANSWERS[response] ?? 'stay'),
      (error: unknown) => {
        say(error);
        obey('stay');
      },
    );
  };

  app.on('before-quit', (event) => {
    if (stage === 'disposed') return;
    event.preventDefault();
    if (stage !== 'running') return;
    const running = runningTurns(core.hub.state.turns);
    if (running.length > 0) ask(running);
    else dispose();
  });
  powerMonitor.on('shutdown', dispose);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, dispose);
  return { now: dispose };
}
