import { realOrSame } from '../../../node/paths.ts';
import type { Checkpoints } from '../../turns/checkpoints/checkpoint-service.ts';
import type { TurnService } from '../../turns/turn-service.ts';
import type { HandlersOf } from './namespace.ts';

export function turnHandlers(
  turns: TurnService,
  checkpoints: Pick<Checkpoints, 'changes' | 'undo'>,
): HandlersOf<'turns'> {
  return {
    'turns.submit': async (params) => ({ turn: await turns.submit(params) }),
    'turns.cancel': async ({ turnId }) => ({ turn: await turns.cancel(turnId) }),
    'turns.get': async ({ turnId }) => ({ turn: turns.get(turnId) }),
    'turns.list': async (params) => ({ turns: turns.list(params) }),
    'turns.events': async (params) => turns.events(params),
    'turns.deleteSession': async ({ sessionId }) => ({ deletedTurns: await turns.deleteSession(sessionId) }),
    'turns.answerPermission': async (params) => {
      await turns.answerPermission(params);
      return {};
    },
    'turns.listBackground': async () => ({ sessions: turns.background.list() }),
    'turns.background': async ({ sessionId, act }) => {
      await turns.background.act(sessionId, act);
      return {};
    },
    'turns.changes': ({ turnId }) => checkpoints.changes(turns.get(turnId).turnId),
    'turns.undo': (params) => {
      turns.get(params.turnId);
      return checkpoints.undo(params, turns);
    },
    'turns.guardedFiles': async ({ turnId, projectDir }) => {
      if (turnId !== undefined) return { files: turns.guarded.ofTurn(turns.get(turnId).turnId) };
      return { files: projectDir === undefined ? [] : turns.guarded.openIn(realOrSame(projectDir)) };
    },
    'turns.lookAtFile': ({ fileId }) => turns.guarded.look(fileId),
    'turns.answerFile': async (given) => ({ file: await turns.guarded.answer(given) }),
    'turns.readTerminal': ({ turnId, after }) => turns.terminal(turnId).read(after),
    'turns.writeTerminal': async ({ turnId, data }) => {
      await turns.terminal(turnId).write(data);
      return {};
    },
    'turns.resizeTerminal': async ({ turnId, size }) => {
      await turns.terminal(turnId).resize(size);
      return {};
    },
  };
}
