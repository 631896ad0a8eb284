import type { Opener } from '../../ports.ts';
import type { LogStore } from '../../storage/logs/log-store.ts';
import type { HandlersOf } from './namespace.ts';

export function logHandlers(needs: {
  logs: Pick<LogStore, 'list' | 'read' | 'file'>;
  opener: Pick<Opener, 'revealFile'>;
}): HandlersOf<'logs'> {
  const { logs, opener } = needs;
  return {
    'logs.list': async () => ({ logs: logs.list() }),
    'logs.read': async (params) => logs.read(params),
    'logs.file': async ({ log, reveal }) => {
      const path = logs.file(log);
      return { path, revealed: reveal && (await opener.revealFile(path)) };
    },
  };
}
