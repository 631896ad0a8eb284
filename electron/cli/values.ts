import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { PerchError } from '../../shared/errors/perch-error.ts';
import type { AgentView } from '../../shared/model/agent.ts';
import { agentIdSchema, providerIdSchema } from '../../shared/model/ids.ts';
import type { ProviderView } from '../../shared/model/provider.ts';
import type { Client } from '../core/api/client.ts';
import { expandFolder } from '../core/projects/typed-folder.ts';
import type { Context } from './context.ts';

/** The working directory that a session would have: the named one, else the current. */
export function projectDirOf({ values, cwd }: Pick<Context, 'values' | 'cwd'>): string {
  return typedFolder(values.project ?? '.', cwd);
}

/** The folder that an option names; `--project=~/x` reaches a program unexpanded in most shells. */
export function typedFolder(typed: string, cwd: string): string {
  return expandFolder(typed, { homeDir: homedir(), base: cwd });
}

/**
 * A folder that the command names has to be one: of another nothing is known, which would read like an answer.
 * @throws PerchError PROJECT_NOT_FOUND, PROJECT_NOT_A_DIRECTORY
 */
export function checkFolder(directory: string, { cwd }: Pick<Context, 'cwd'>): void {
  if (directory === cwd) return;
  const found = statSync(directory, { throwIfNoEntry: false });
  if (found === undefined) throw new PerchError('PROJECT_NOT_FOUND', { directory });
  if (!found.isDirectory()) throw new PerchError('PROJECT_NOT_A_DIRECTORY', { directory });
}

/**
 * An id of another shape would only be an invalid parameter to the core; here the sentence can name the agents.
 * @throws PerchError AGENT_UNKNOWN
 */
export async function checkAgentId(client: Client, agentId: string): Promise<void> {
  if (agentIdSchema.safeParse(agentId).success) return;
  const { agents } = await client.call('agents.list', {});
  const known = agents.map((agent) => agent.agentId).join(', ');
  throw new PerchError('AGENT_UNKNOWN', { agentId: shortened(agentId), known });
}

/**
 * Checked here, not by the core: what stands in the provider's place may be a secret, and goes nowhere.
 * @throws PerchError PROVIDER_UNKNOWN
 */
export async function findProvider(
  client: Client,
  providerId: string,
): Promise<{ provider: ProviderView; providers: ProviderView[] }> {
  const { providers } = await client.call('providers.list', {});
  const found = providers.find((provider) => provider.providerId === providerId);
  if (found !== undefined) return { provider: found, providers };
  const known = providers.map((provider) => provider.providerId).join(', ');
  const said = providerIdSchema.safeParse(providerId).success && providerId.length <= 16 ? providerId : '…';
  throw new PerchError('PROVIDER_UNKNOWN', { providerId: said, known });
}

/** @throws PerchError AGENT_UNKNOWN */
export function agentIn(agents: readonly AgentView[], agentId: string): AgentView {
  const agent = agents.find((one) => one.agentId === agentId);
  if (agent !== undefined) return agent;
  throw new PerchError('AGENT_UNKNOWN', { agentId, known: agents.map((one) => one.agentId).join(', ') });
}

function shortened(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 39)}…`;
}
