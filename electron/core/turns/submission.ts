import { MAX_PROMPT_BYTES, type Params } from '../../../shared/contract/methods.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { Launch, LaunchRequest } from '../launch/launch.ts';
import { refuseTooWide, resolveProject } from '../projects/directory.ts';
import type { OwnPlaces } from '../projects/width.ts';
import type { TurnAgents } from './ports.ts';
import type { SessionOrigin } from './turn-reader.ts';

/** @throws PerchError PROMPT_EMPTY */
export function refuseEmpty(prompt: string): void {
  if (prompt.trim() === '') throw new PerchError('PROMPT_EMPTY');
}

/** @throws PerchError PROMPT_TOO_LARGE */
export function checkPromptSize(prompt: string): void {
  const bytes = Buffer.byteLength(prompt);
  if (bytes <= MAX_PROMPT_BYTES) return;
  throw new PerchError('PROMPT_TOO_LARGE', { bytes, maxBytes: MAX_PROMPT_BYTES });
}

/**
 * Where the turn works. A session goes on where it began, with the agent it began with.
 * @throws PerchError NOT_FOUND (no such session), INVALID_PARAMS, PROJECT_*
 */
export function placeOf(
  params: Params<'turns.submit'>,
  options: { places: OwnPlaces; originOf: (sessionId: string) => SessionOrigin | undefined },
): string {
  const { sessionId, agentId, projectDir } = params;
  const { places, originOf } = options;
  if (sessionId === undefined) return resolveProject(projectDir, places);
  const origin = originOf(sessionId);
  if (origin === undefined) throw new PerchError('NOT_FOUND');
  if (origin.agentId !== agentId) throw new PerchError('INVALID_PARAMS', { where: 'agentId' });
  const directory = resolveProject(projectDir ?? origin.projectDir, places);
  if (directory !== origin.projectDir) throw new PerchError('INVALID_PARAMS', { where: 'projectDir' });
  return directory;
}

/** Prepares the agents' launch, unless it would give an agent more than a project. */
export function withWidthRule(agents: TurnAgents, places: OwnPlaces): TurnAgents {
  return {
    async prepareLaunch(request: LaunchRequest): Promise<Launch> {
      const launch = await agents.prepareLaunch(request);
      // Without a sandbox there is nothing that the width could weaken: that was the user's choice.
      if (launch.policy.enforcement === 'required') refuseTooWide(request.projectDir, places);
      return launch;
    },
  };
}
