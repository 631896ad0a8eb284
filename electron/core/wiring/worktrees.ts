import { homedir } from 'node:os';
import type { Redactor } from '../../../shared/redaction/redactor.ts';
import { joinPaths, type LoginPath } from '../machine/login-shell/path.ts';
import type { HostPorts } from '../ports.ts';
import { createGit } from '../projects/worktrees/git.ts';
import { createWorktrees, type Worktrees } from '../projects/worktrees/worktree-service.ts';

/** With the git that the user's terminals have. */
export function openWorktrees({
  ports: { environment, paths },
  loginPath,
  redactor,
  scratchDir,
}: {
  ports: Pick<HostPorts, 'environment' | 'paths'>;
  loginPath: LoginPath;
  redactor: Pick<Redactor, 'redact'>;
  scratchDir: string;
}): Worktrees {
  const git = createGit({
    environment,
    async path() {
      const path = joinPaths(environment.PATH, await loginPath.ensure());
      return { path, known: loginPath.state().state !== 'could-not-check' };
    },
  });
  return createWorktrees({ git, redact: redactor.redact, homeDir: homedir(), dataDir: paths.dataDir, scratchDir });
}
