import type { Result } from '../../../../shared/contract/methods.ts';
import type { CredentialService } from '../../credentials/credential-service.ts';
import type { TurnService } from '../../turns/turn-service.ts';

/** The directories that Perch keeps something for: a project has no other existence. */
export function listProjects({
  turns,
  credentials,
}: {
  turns: Pick<TurnService, 'recentProjects' | 'sessionsIn'>;
  credentials: Pick<CredentialService, 'list'>;
}): Result<'projects.list'>['projects'] {
  const scoped = credentials.list().flatMap(({ scope }) => (scope.kind === 'project' ? scope.projectDir : []));
  return [...new Set([...turns.recentProjects(), ...scoped])].map((projectDir) => ({
    projectDir,
    conversations: turns.sessionsIn(projectDir).length,
    credentials: scoped.filter((directory) => directory === projectDir).length,
  }));
}
