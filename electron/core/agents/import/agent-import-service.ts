import type { Params, Result } from '../../../../shared/contract/methods.ts';
import { PerchError, toWireError } from '../../../../shared/errors/perch-error.ts';
import { type Judgement, readDeclaration } from '../../projects/declared/read.ts';
import type { UserAgents } from '../users/user-agent-service.ts';
import { parseRepository, type RepositoryAddress } from './address.ts';
import type { RepositoryFile } from './github.ts';

export interface AgentImport {
  /** @throws PerchError REPOSITORY_ADDRESS_WRONG, GITHUB_* */
  candidates(params: Params<'userAgents.importCandidates'>): Promise<Result<'userAgents.importCandidates'>>;
  /** A candidate that fails does not stop the others. */
  take(params: Params<'userAgents.import'>): Result<'userAgents.import'>;
}

/** Reads agents out of a repository and shows them for choice; nothing is taken before the user chooses. */
export function createAgentImport(options: {
  readFile: (address: RepositoryAddress, token: string | undefined) => Promise<RepositoryFile>;
  /** The saved one; undefined: there is none. It is never asked for. */
  token: () => Promise<string | undefined>;
  judgement: () => Judgement;
  userAgents: Pick<UserAgents, 'add'>;
}): AgentImport {
  const { readFile, token, judgement, userAgents } = options;
  return {
    async candidates({ source }) {
      const address = parseRepository(source);
      // The address is not repeated: the user may have pasted a token with it.
      if (address === undefined) throw new PerchError('REPOSITORY_ADDRESS_WRONG');
      const { path, text } = await readFile(address, await token());
      const about = { repository: `${address.owner}/${address.repository}`, file: path };
      if (text === undefined) return { ...about, candidates: [], leftOut: 0, problems: [] };
      const now = judgement();
      // An id that is taken shows as a conflict, not as a mistake in the file.
      const read = readDeclaration(text, { ...now, isAgentTaken: () => false });
      if ('problems' in read) return { ...about, candidates: [], leftOut: 0, problems: [...read.problems] };
      const { agents, models, endpoints, variables, secrets } = read.declared;
      return {
        ...about,
        candidates: agents.map((definition) => ({ definition, taken: now.isAgentTaken(definition.agentId) })),
        leftOut: models.size + endpoints.size + variables.size + secrets.size,
        problems: [],
      };
    },
    take({ definitions }) {
      const results = definitions.map((definition) => {
        const { agentId } = definition;
        try {
          userAgents.add(definition);
          return { outcome: 'added' as const, agentId };
        } catch (error) {
          if (!(error instanceof PerchError)) throw error;
          return { outcome: 'failed' as const, agentId, error: toWireError(error) };
        }
      });
      return { results };
    },
  };
}
