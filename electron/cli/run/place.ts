import type { AppState } from '../../../shared/contract/state.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { othersIn } from '../../../shared/model/shared-folder.ts';
import type { Client } from '../../core/api/client.ts';
import { realOrSame } from '../../node/paths.ts';
import type { Context } from '../context.ts';
import { RefusedError } from '../refused-error.ts';
import { projectDirOf } from '../values.ts';

/** The folder of the turn: a new worktree where one is asked for; otherwise a word when another agent is at work there. */
export async function placeOf(context: Context, client: Client, state: AppState | undefined): Promise<string> {
  const { values, stderr, t } = context;
  const projectDir = projectDirOf(context);
  if (values.worktree !== true) {
    const [other] = othersIn({ projectDir: realOrSame(projectDir) }, state?.turns ?? []);
    if (other !== undefined) {
      const agent = state?.agents.find(({ agentId }) => agentId === other.agentId)?.name ?? other.agentId;
      stderr.line(stderr.style('yellow', t('cli.run.shared-folder', { agent })));
    }
    return projectDir;
  }
  const made = await client.call('worktrees.create', { projectDir }).catch((error: unknown) => {
    throw error instanceof PerchError && error.code !== 'CORE_UNREACHABLE' ? new RefusedError(error) : error;
  });
  stderr.line(t('cli.run.worktree', { path: made.projectDir, branch: made.branch }));
  return made.projectDir;
}
