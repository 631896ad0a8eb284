import type { Clock } from '../../node/clock.ts';
import { realOrSame } from '../../node/paths.ts';
import type { DeclarationService } from '../projects/declared/declaration-service.ts';
import { createFolderWatch } from '../projects/declared/watch.ts';
import type { TurnService } from '../turns/turn-service.ts';

export interface DeclaredFolders {
  /** The folder that the window shows changed, or an agent was started or ended. */
  settle(): void;
  stop(): void;
}

/**
 * Carries what changes in the files of the folders that matter to the agents that run there. What is idle is closed at
 * once and goes on with what the file says now; a turn that runs is finished with what it began with, unless the user
 * takes the trust in its folder back.
 */
export function createDeclaredFolders(options: {
  declarations: Pick<DeclarationService, 'inEffect' | 'view' | 'onChange'>;
  turns: Pick<TurnService, 'openSessions' | 'closeSessionsOf' | 'restartSession'>;
  /** True when the agent exists without any file of a folder. */
  isEverywhere: (agentId: string) => boolean;
  /** The folder that the window shows. */
  shown: () => string | undefined;
  clock: Pick<Clock, 'after'>;
  onChange: () => void;
  onFailure: (what: string, error: unknown) => void;
}): DeclaredFolders {
  const { declarations, turns, onChange, onFailure } = options;
  const last = new Map<string, string>();
  let stopped = false;
  const watch = createFolderWatch({
    clock: options.clock,
    onChange: look,
    onFailure: (directory, error) => onFailure(`${directory} is not watched`, error),
  });
  const stateOf = (directory: string) => JSON.stringify(declarations.view(directory) ?? null);

  function look(directory: string): void {
    const now = stateOf(directory);
    if (last.get(directory) === now) return;
    last.set(directory, now);
    turns
      .closeSessionsOf(({ projectDir }) => projectDir === directory)
      .catch((error: unknown) => onFailure('sessions were not closed', error));
    onChange();
  }

  function decided(directory: string): void {
    look(directory);
    if (declarations.view(directory)?.state !== 'distrusted') return;
    for (const { sessionId, agentId, projectDir } of turns.openSessions()) {
      if (projectDir !== directory || options.isEverywhere(agentId)) continue;
      const error = { code: 'AGENT_WITHDRAWN' as const, values: { agentId, directory } };
      turns.restartSession(sessionId, error).catch((failure: unknown) => onFailure('a session was not ended', failure));
    }
  }

  function settle(): void {
    if (stopped) return;
    const folders = [options.shown(), ...turns.openSessions().map(({ projectDir }) => projectDir)];
    const wanted = new Set(folders.flatMap((folder) => (folder === undefined ? [] : [realOrSame(folder)])));
    for (const directory of last.keys()) if (!wanted.has(directory)) last.delete(directory);
    for (const directory of wanted) if (!last.has(directory)) last.set(directory, stateOf(directory));
    watch.follow([...wanted]);
  }

  const unhear = declarations.onChange(decided);
  return {
    settle,
    stop() {
      stopped = true;
      unhear();
      watch.stop();
    },
  };
}
