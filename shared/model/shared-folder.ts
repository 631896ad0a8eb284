import type { TurnSummary } from './run-event.ts';
import { runningTurns } from './turn-running.ts';

/**
 * The running turns of other sessions that change files of this folder: theirs is the same one, or one of the two is in
 * the other. Folders are absolute and real.
 *
 * @param own its session; absent: one that is about to begin
 */
export function othersIn<Turn extends Pick<TurnSummary, 'projectDir' | 'sessionId' | 'status'>>(
  { projectDir, sessionId }: { projectDir: string; sessionId?: string },
  turns: readonly Turn[],
): Turn[] {
  return runningTurns(turns).filter((turn) => turn.sessionId !== sessionId && sharesFiles(projectDir, turn.projectDir));
}

/** True when a change in one folder can be a file of the other. */
export function sharesFiles(one: string, other: string): boolean {
  const [a, b] = [parts(one), parts(other)];
  const common = Math.min(a.length, b.length);
  return a.slice(0, common).join('/') === b.slice(0, common).join('/');
}

/** Windows takes both for a separator; elsewhere a backslash is a letter like any other. */
function parts(folder: string): string[] {
  const separator = folder.startsWith('/') ? '/' : /[\\/]/;
  return folder.split(separator).filter((part) => part !== '');
}
