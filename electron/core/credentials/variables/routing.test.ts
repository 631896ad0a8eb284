import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { routingOf } from '../../../../shared/variables/routing.ts';
import { loadAgents } from '../../agents/load.ts';
import { loadRouting } from './routing.ts';

const resources = join(import.meta.dirname, '../../../../resources');
const agents = loadAgents(resources);
const isRouting = loadRouting(resources, agents);

test.each([
  'ANTHROPIC_BASE_URL',
  'anthropic_custom_headers',
  'CLAUDE_CODE_SUBAGENT_MODEL',
  'CLAUDE_CODE_USE_BEDROCK',
  'OPENCODE_CONFIG_CONTENT',
  'GOOSE_MODEL',
])('%s belongs to provider settings', (name) => expect(isRouting(name)).toBe(true));

test.each(['MY_TOKEN', 'BASE_URL_OF', 'DATABASE_URL', 'CLAUDE'])('%s does not', (name) =>
  expect(isRouting(name)).toBe(false),
);

test('the window, which knows the list alone, judges the names of the agents that come with Perch alike', () => {
  const { names } = JSON.parse(readFileSync(join(resources, 'routing-variables.json'), 'utf8'));
  const byListAlone = routingOf(names);
  const ofAgents = agents
    .flatMap(({ environment, providers }) => [...environment, ...providers.flatMap((one) => one.environment)])
    .map(({ name }) => name);
  expect(ofAgents.filter((name) => isRouting(name) && !byListAlone(name))).toEqual([]);
  expect(ofAgents.some(isRouting)).toBe(true);
});
