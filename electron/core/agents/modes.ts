import { defined } from '../../../shared/defined.ts';
import { AUTH_MODES, type AuthMode } from '../../../shared/model/auth.ts';
import type { Agent } from './schema.ts';
import { mergeTemplates } from './template.ts';

/** The modes that an agent can run in, as its description says. */
export function modesOf({ modes }: Pick<Agent, 'modes'>): AuthMode[] {
  return AUTH_MODES.filter((mode) => modes[mode] !== undefined);
}

/** The modes that a person can choose: `managed` needs Perch's own gateway, and joins them once that exists. */
export function offeredModesOf(agent: Pick<Agent, 'modes'>): AuthMode[] {
  return modesOf(agent).filter((mode) => mode !== 'managed');
}

/** The agent as it is in a session of this mode. In `managed` it has no web tools of its own. */
export function inMode(agent: Agent, mode: AuthMode): Agent {
  const { managed } = agent.modes;
  if (mode === 'byo' || managed === undefined) return agent;
  const { environment, stateFiles, sessionMeta } = managed;
  return {
    ...agent,
    // After what a provider asks for: the last word on a name is the mode's.
    providers: agent.providers.map((provider) => ({
      ...provider,
      environment: [...provider.environment, ...environment],
    })),
    stateFiles: joinedFiles(agent.stateFiles, stateFiles),
    ...defined({ sessionMeta }),
  };
}

/** Files of the same path become one. */
function joinedFiles(files: Agent['stateFiles'], others: Agent['stateFiles']): Agent['stateFiles'] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  for (const { path, content } of others) {
    const before = byPath.get(path);
    byPath.set(path, { path, content: before === undefined ? content : mergeTemplates(before.content, content) });
  }
  return [...byPath.values()];
}
