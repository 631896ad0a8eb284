import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { ErrorCode } from '../../../shared/errors/codes.ts';
import { loadAgents } from '../../core/agents/load.ts';
import { causeRows } from '../adapters/acp/signs.ts';
import { classify } from './classify.ts';

const resourcesDir = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'resources');
const signs = new Map(loadAgents(resourcesDir).map(({ agentId, failureSigns }) => [agentId, failureSigns]));

/** What these agents said of a provider that failed in these ways, word by word. */
const SAID: readonly (readonly [agentId: string, ErrorCode, string])[] = [
  [
    'claude-code',
    'MODEL_UNAVAILABLE',
    "There's an issue with the selected model (m). It may not exist or you may not have access to it.",
  ],
  [
    'claude-code',
    'CONTEXT_TOO_LONG',
    'Prompt is too long · the request is ~208310 tokens (limit 200000) but this conversation is only ~2513 tokens',
  ],
  ['claude-code', 'PROVIDER_RATE_LIMITED', "You've hit your session limit · resets 3pm (Europe/Berlin)"],
  [
    'claude-code',
    'PROVIDER_CONNECTION_LOST',
    'API Error: Connection dropped (ECONNRESET). Check the gateway set in ANTHROPIC_BASE_URL, then try again.',
  ],
  ['codex', 'PROVIDER_SERVER_ERROR', 'We’re currently experiencing high demand, which may cause temporary errors.'],
  ['codex', 'PROVIDER_OVERLOADED', 'Selected model is at capacity. Please try a different model.'],
  ['codex', 'PROVIDER_NO_CREDIT', 'Quota exceeded. Check your plan and billing details.'],
  [
    'opencode',
    'CONTEXT_TOO_LONG',
    'Session too large to compact - context exceeds model limit even after stripping media',
  ],
  ['opencode', 'PROVIDER_CONNECTION_LOST', 'Connection reset by server'],
  ['gemini', 'PROVIDER_NO_CREDIT', 'You have exhausted your daily quota on this model.'],
  ['gemini', 'PROVIDER_CONNECTION_LOST', 'exception TypeError: fetch failed sending request'],
];

test.each(SAID)('%s: %s: %s', (agentId, code, words) => {
  const rows = causeRows(signs.get(agentId) ?? { errorTexts: [], authenticationTexts: [], ignoredTexts: [] });
  expect(classify({ words: [words], stderr: [] }, rows, 0)?.code).toBe(code);
});
