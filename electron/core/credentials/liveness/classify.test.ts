import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createProviderRegistry } from '../../providers/registry.ts';
import { classify, needsBody, type Rules } from './classify.ts';

const DEFAULT: Rules = { dead: [401, 403], limited: [], deadBodies: [], noCreditBodies: [] };
const registry = createProviderRegistry({
  resourcesDir: join(import.meta.dirname, '../../../../resources'),
  baseUrls: { get: () => undefined, set: () => {}, reset: () => {} },
});
const rulesOf = (providerId: string): Rules => registry.get(providerId).liveness ?? DEFAULT;
const google = rulesOf('google');
const openai = rulesOf('openai');

test.each<[string, number, string, Rules, string]>([
  ['accepted', 200, '', DEFAULT, 'alive'],
  ['a request that was not understood', 400, '', DEFAULT, 'alive'],
  ['not found', 404, '', DEFAULT, 'alive'],
  ['refused', 401, '', DEFAULT, 'dead'],
  ['forbidden, by default', 403, '', DEFAULT, 'dead'],
  ['forbidden, where that means limited', 403, '', openai, 'limited'],
  ['refused, where forbidden means limited', 401, '', openai, 'dead'],
  ['no credit', 402, '', DEFAULT, 'no-credit'],
  ['too many requests', 429, '', DEFAULT, 'limited'],
  ['trouble', 500, '', DEFAULT, 'unknown'],
  ['overloaded', 529, '', DEFAULT, 'unknown'],
  ['several choices', 300, '', DEFAULT, 'could-not-check'],
  ['moved', 302, '', DEFAULT, 'could-not-check'],
  ['moved for good', 308, '', DEFAULT, 'could-not-check'],
  ['Google’s invalid key', 400, '{"error": {"details": [{"reason": "API_KEY_INVALID"}]}}', google, 'dead'],
  ['Google’s other 400', 400, '{"error": {"status": "FAILED_PRECONDITION"}}', google, 'alive'],
  ['the same body elsewhere', 400, 'API_KEY_INVALID', DEFAULT, 'alive'],
  ['the same body with another status', 404, 'API_KEY_INVALID', google, 'alive'],
  ['xAI’s invalid key', 400, '', rulesOf('xai'), 'dead'],
  ['xAI’s blocked key', 200, '{"api_key_blocked": true}', rulesOf('xai'), 'dead'],
  ['xAI’s good key', 200, '{"api_key_blocked": false, "api_key_disabled": false}', rulesOf('xai'), 'alive'],
  ['DeepSeek without balance', 200, '{\n  "is_available": false\n}', rulesOf('deepseek'), 'no-credit'],
  ['DeepSeek with balance', 200, '{"is_available":true}', rulesOf('deepseek'), 'alive'],
  ['Moonshot in debt', 200, '{"data":{"available_balance": -1.5}}', rulesOf('moonshot'), 'no-credit'],
  ['Moonshot with a little', 200, '{"data":{"available_balance": 0.5}}', rulesOf('moonshot'), 'alive'],
])('%s: %i', (_, status, body, rules, verdict) => {
  expect(classify({ kind: 'answered', status, body }, rules)).toMatchObject({ verdict, status });
});

test('no answer is not known, and never dead', () => {
  expect(classify({ kind: 'timeout' }, DEFAULT)).toEqual({ verdict: 'unknown', reason: 'timeout' });
  expect(classify({ kind: 'unreachable', cause: 'ECONNREFUSED' }, DEFAULT)).toEqual({
    verdict: 'unknown',
    reason: 'unreachable',
    cause: 'ECONNREFUSED',
  });
});

test('a body is only wanted where it may decide', () => {
  expect([200, 400, 401].map((status) => needsBody(status, google))).toEqual([false, true, false]);
  expect(needsBody(200, rulesOf('deepseek'))).toBe(true);
  const both = {
    ...DEFAULT,
    deadBodies: [{ status: 400, contains: 'x' }],
    noCreditBodies: [{ status: 403, contains: 'y' }],
  };
  expect([400, 403, 500].map((status) => needsBody(status, both))).toEqual([true, true, false]);
});

test('every provider that has a credential says what 401 and 403 mean', () => {
  const asked = registry.all().flatMap(({ providerId, liveness }) => (liveness ? [{ providerId, liveness }] : []));
  expect(asked.length).toBeGreaterThan(15);
  for (const { providerId, liveness } of asked) {
    const verdicts = [401, 403].map((status) => classify({ kind: 'answered', status, body: '' }, liveness).verdict);
    expect(verdicts, providerId).toEqual(['dead', expect.stringMatching(/^(dead|limited)$/)]);
  }
});
