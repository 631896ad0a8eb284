import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Agent, agentSchema } from './schema.ts';

/** Order of the agents in lists; any others follow by name. */
const ORDER = ['demo', 'opencode', 'codex', 'claude-code', 'gemini', 'goose'];

/**
 * Reads `agents/*.json` of the resources folder.
 * @throws Error naming the file and the place in it: a broken installation, not something a user did
 */
export function loadAgents(resourcesDir: string): readonly Agent[] {
  const folder = join(resourcesDir, 'agents');
  const agents = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => loadAgent(join(folder, file)));
  return agents.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, 'en'));
}

function loadAgent(file: string): Agent {
  const parsed = agentSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file} is not a description of an agent: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function rank(agent: Agent): number {
  const place = ORDER.indexOf(agent.agentId);
  return place === -1 ? ORDER.length : place;
}
