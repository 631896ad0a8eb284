import { rmSync } from 'node:fs';
import type { Result } from '../../../shared/contract/methods.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { ensureDirectory } from '../../node/ensure-directory.ts';
import { folderBytes } from '../../node/folder-bytes.ts';
import type { Opener } from '../ports.ts';
import type { AgentService } from './agent-service.ts';

/** The sessions that run, and the way to close some of them. */
interface OpenSessions {
  openSessions(): readonly { readonly agentId: string; readonly turnId?: string | undefined }[];
  closeSessionsOf(isOf: (session: { readonly agentId: string }) => boolean): Promise<unknown>;
}

export type StateFolders = ReturnType<typeof createStateFolders>;

/** The folders that agents have for themselves: what is in them, and their end. */
export function createStateFolders({
  agents,
  turns,
  opener,
  stateDirectory,
  signOut,
}: {
  agents: Pick<AgentService, 'view'>;
  turns: OpenSessions;
  opener: Pick<Opener, 'revealFile'>;
  stateDirectory: (agentId: string) => string;
  /** @throws PerchError LOGIN_STILL_RUNS */
  signOut: (agentId: string) => Promise<void>;
}) {
  return {
    /** @throws PerchError AGENT_UNKNOWN */
    async look(agentId: string, reveal: boolean): Promise<Result<'agents.stateFolder'>> {
      agents.view(agentId);
      const path = stateDirectory(agentId);
      // An agent that never started has no folder yet, and a file manager cannot show a missing one.
      if (reveal) ensureDirectory(path);
      return { path, bytes: await folderBytes(path), revealed: reveal && (await opener.revealFile(path)) };
    },
    /** @throws PerchError AGENT_UNKNOWN, SESSION_BUSY, LOGIN_STILL_RUNS */
    async clear(agentId: string): Promise<Result<'agents.clearState'>> {
      agents.view(agentId);
      const isOf = (session: { readonly agentId: string }) => session.agentId === agentId;
      const isBusy = turns.openSessions().some((session) => isOf(session) && session.turnId !== undefined);
      if (isBusy) throw new PerchError('SESSION_BUSY');
      const path = stateDirectory(agentId);
      const bytes = await folderBytes(path);
      await signOut(agentId);
      await turns.closeSessionsOf(isOf);
      rmSync(path, { recursive: true, force: true, maxRetries: 3 });
      return { bytes };
    },
  };
}
