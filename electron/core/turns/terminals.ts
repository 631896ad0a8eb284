import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { Clock } from '../../node/clock.ts';
import type { Launch } from '../launch/launch.ts';
import type { TokenShape } from '../terminals/token-shapes.ts';
import { createTurnTerminal, type TurnTerminal } from '../terminals/turn-terminal.ts';
import type { ActiveTurn } from './active-turn.ts';
import type { TurnRunner } from './ports.ts';
import type { Recorder } from './recorder.ts';

/** The terminal of a turn, which is read from its prompt on. */
export interface PromptedTerminal extends TurnTerminal {
  /** The runner was told of the prompt: the program can be read. */
  prompted(): void;
}

export type TurnTerminals = ReturnType<typeof createTurnTerminals>;

/** Programs in terminals, as turns: their text is recorded, and they are read and typed into while they run. */
export function createTurnTerminals(options: {
  runner: Pick<TurnRunner, 'request'>;
  recorder: Recorder;
  clock: Clock;
  /** The shapes of the keys of all providers. */
  shapes: () => readonly TokenShape[];
  /** The output could not be recorded. */
  onFailure: (turn: ActiveTurn, error: unknown) => void;
}) {
  const { runner, recorder, clock, shapes, onFailure } = options;

  function record(turn: ActiveTurn, event: Parameters<Recorder['record']>[1]): void {
    try {
      recorder.record(turn, event);
    } catch (error) {
      onFailure(turn, error);
    }
  }

  return {
    /** Before the window hears that the session is open. */
    open(
      turn: ActiveTurn,
      { environment, secretNames }: Pick<Launch, 'environment' | 'secretNames'>,
    ): PromptedTerminal {
      const prompted = Promise.withResolvers<void>();
      const terminalId = turn.sessionId;
      const terminal = createTurnTerminal({
        program: {
          read: () => prompted.promise.then(() => runner.request('terminal.read', { terminalId })),
          write: (data) => runner.request('terminal.write', { terminalId, data }),
          resize: (size) => runner.request('terminal.resize', { terminalId, size }),
        },
        prompt: turn.prompt,
        shapes: shapes(),
        secrets: secretNames.map((name) => environment[name] ?? '').filter((value) => value !== ''),
        clock,
        onText: (text) => record(turn, { type: 'terminal.output', text }),
        onCut: () => record(turn, { type: 'notice', level: 'warn', key: 'notice.terminal-cut', values: {} }),
      });
      // Unprompted it has nothing to read, and ends here.
      void turn.finished.promise.then(() => {
        prompted.reject(new PerchError('TURN_ALREADY_ENDED'));
        terminal.close();
      });
      return { ...terminal, prompted: prompted.resolve };
    },
  };
}
