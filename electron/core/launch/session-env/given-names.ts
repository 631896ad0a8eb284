import type { EnvironmentName } from './environment-names.ts';

interface Given {
  readonly agentId: string;
  readonly projectDir: string;
  readonly names: readonly EnvironmentName[];
}

export type GivenNames = ReturnType<typeof createGivenNames>;

/**
 * The names that the last agent of each conversation was given in its environment, for as long as this process knows;
 * the agent may be gone by now. Conversations are named by their session ids.
 */
export function createGivenNames() {
  const given = new Map<string, Given>();
  return {
    set: (sessionId: string, names: Given): void => void given.set(sessionId, names),
    of: (sessionId: string): readonly EnvironmentName[] => given.get(sessionId)?.names ?? [],
    /** The names given to the conversations of one agent in one place. @param place.projectDir a real path */
    in: (place: { agentId: string; projectDir: string }): EnvironmentName[] =>
      [...given.values()]
        .filter(({ agentId, projectDir }) => agentId === place.agentId && projectDir === place.projectDir)
        .flatMap(({ names }) => names),
    /** The conversation is deleted. */
    drop: (sessionId: string): void => void given.delete(sessionId),
  };
}
