import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadAgents } from '../agents/load.ts';
import { loadRouting } from './routing.ts';

const resources = join(import.meta.dirname, '../../../resources');
const isRouting = loadRouting(resources, loadAgents(resources));

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
