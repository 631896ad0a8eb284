import type { Agent } from '../schema.ts';
import type { AgentLogin } from './schema.ts';

/** The agent as it is in a session that uses its own login. */
export function withOwnLogin(agent: Agent, login: AgentLogin): Agent {
  const { environment, unset, stateFiles, network } = login.session;
  const kept = <T extends { readonly name: string }>(variables: readonly T[]) =>
    variables.filter(({ name }) => !unset.includes(name));
  return {
    ...agent,
    network: [...agent.network, ...network],
    environment: kept(agent.environment),
    providers: agent.providers.map((provider) => ({
      ...provider,
      environment: [...kept(provider.environment), ...environment],
    })),
    stateFiles: replacedFiles(agent.stateFiles, stateFiles),
  };
}

/** The second ones in the place of those with the same path. */
export function replacedFiles(files: Agent['stateFiles'], others: Agent['stateFiles']): Agent['stateFiles'] {
  const paths = new Set(others.map(({ path }) => path));
  return [...files.filter(({ path }) => !paths.has(path)), ...others];
}
