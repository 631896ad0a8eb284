import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { launchSpec } from './launch.ts';
import { loadAgents } from './load.ts';
import { inMode } from './modes.ts';
import type { Agent } from './schema.ts';
import { agentVariables } from './variables.ts';

const agents = loadAgents(join(import.meta.dirname, '..', '..', '..', 'resources'));
const managed = agents.filter(({ modes }) => modes.managed !== undefined);

/** All that a session of it is started with. */
function launchOf(agent: Agent): string {
  const providerId = agent.providers[0]?.providerId;
  const placeholders = { providerId, model: 'm', sandboxed: '1' };
  const program = { file: '/x', runBy: 'system', parts: [], version: undefined, source: 'path' } as const;
  const started = { agent, program, adapter: undefined, nodeExecutable: '/node' };
  const launch = launchSpec({ ...started, placeholders, mcpServers: [] });
  return JSON.stringify([launch, agentVariables(agent, providerId, placeholders)]);
}

describe.each(managed.map((agent) => [agent.agentId, agent] as const))('%s', (_, agent) => {
  const tools = agent.modes.managed?.webTools ?? [];
  test('in managed what it is started with names each of its own web tools', () => {
    expect(tools.length).toBeGreaterThan(0);
    for (const tool of tools) expect(launchOf(inMode(agent, 'managed'))).toContain(tool);
  });
  test('with the own credential nothing of the mode is there', () => {
    expect(inMode(agent, 'byo')).toBe(agent);
    expect(launchOf(agent)).not.toMatch(/disallowedTools|web_search|"exclude"|websearch|deny/);
  });
});

const started = (agentId: string) => {
  const agent = managed.find((one) => one.agentId === agentId);
  if (agent === undefined) throw new Error(`${agentId} has no such mode`);
  return inMode(agent, 'managed');
};
const variable = (agentId: string, name: string): unknown => {
  const agent = started(agentId);
  const values = { providerId: agent.providers[0]?.providerId, model: 'm' };
  const found = agentVariables(agent, values.providerId, values).find((one) => one.name === name);
  return JSON.parse(found?.value ?? 'null');
};

test('what the mode asks for is joined with what the agent and its provider ask for', () => {
  expect(started('claude-code').sessionMeta).toEqual({
    claudeCode: { options: { disallowedTools: ['WebSearch', 'WebFetch'] } },
  });
  expect(variable('codex', 'CODEX_CONFIG')).toMatchObject({ model_provider: 'perch', web_search: 'disabled' });
  expect(variable('opencode', 'OPENCODE_CONFIG_CONTENT')).toMatchObject({
    permission: { edit: 'ask', bash: 'ask', webfetch: 'deny', websearch: 'deny' },
  });
  expect(started('gemini').stateFiles[0]).toEqual({
    path: '.gemini/settings.json',
    content: expect.objectContaining({
      privacy: { usageStatisticsEnabled: false },
      tools: { exclude: ['google_web_search', 'web_fetch'] },
    }),
  });
});
