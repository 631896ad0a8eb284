import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredRunEvent } from '../../shared/model/run-event.ts';
import { type FakeProvider, startFakeProvider } from '../fake-providers/server.ts';
import { agentsOnPath, type Installation, jsonLines } from '../fixtures/installation.ts';
import { isLong, LONG_ONLY } from '../fixtures/long.ts';
import { expect, test } from '../fixtures/test.ts';

const GOOD_KEY = `sk-proj-${randomUUID()}-good`;
const WRONG_KEY = `sk-proj-${randomUUID()}-wrong`;
/** The provider refuses it a moment after it was asked. */
const REVOKED_KEY = `sk-proj-${randomUUID()}-revoked`;
/** Only the fake provider knows it. */
const WORD = `PINEAPPLE-${randomUUID().slice(0, 8)}`;

let provider: FakeProvider;
test.beforeEach(async () => {
  provider = await startFakeProvider({ goodKeys: [GOOD_KEY], listingKeys: [REVOKED_KEY], knownWord: WORD });
});
test.afterEach(() => provider.close());

async function connect(installation: Installation, key: string): Promise<void> {
  const set = await installation.perch(['credentials', 'set', 'openai'], { input: key });
  expect(set.status, set.stderr).toBe(0);
  const pointed = await installation.perch(['providers', 'set', 'openai', '--base-url', `${provider.url}/v1`]);
  expect(pointed.status, pointed.stderr).toBe(0);
}

/** Each fact once: which agent it is does not count. */
const KEPT: ReadonlySet<string> = new Set(['opencode wrong']);

for (const agentId of ['opencode', 'codex']) {
  test.describe(agentId, () => {
    test.skip(!existsSync(join(agentsOnPath, agentId)), `${agentId} is not installed below e2e/agents`);
    test.setTimeout(180_000);

    test.describe(() => {
      test.skip(!isLong && !KEPT.has(`${agentId} answers`), LONG_ONLY);
      test('answers through Perch with the key from the keyring', async ({ installation }) => {
        await connect(installation, GOOD_KEY);
        const run = await installation.perch(['run', '--agent', agentId, '--json', 'What is the word?']);
        const events = jsonLines<StoredRunEvent>(run.stdout);
        const answer = events.map(({ event }) => (event.type === 'agent.message' ? event.text : '')).join('');
        expect(answer, run.stderr).toContain(WORD);
        expect(run.status).toBe(0);
        expect(provider.requests.filter(({ credential }) => credential === 'good').length).toBeGreaterThan(0);
        expect(provider.requests.filter(({ credential }) => credential === 'wrong')).toEqual([]);
        expect(run.stdout + run.stderr).not.toContain(GOOD_KEY);
      });
    });

    test.describe(() => {
      test.skip(!isLong && !KEPT.has(`${agentId} wrong`), LONG_ONLY);
      test('with a wrong key nothing starts', async ({ installation }) => {
        await connect(installation, WRONG_KEY);
        const run = await installation.perch(['run', '--agent', agentId, '--json', 'What is the word?']);
        expect(run.status).toBe(3);
        expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: 'BYOK_CREDENTIAL_INVALID' } });
        expect(run.stdout + run.stderr).not.toContain(WRONG_KEY);
        // The provider was asked about the key, and no model was called with it.
        expect(provider.requests.map(({ method, credential }) => `${method} ${credential}`)).toEqual(['GET wrong']);
      });
    });

    test.describe(() => {
      test.skip(!isLong && !KEPT.has(`${agentId} refused`), LONG_ONLY);
      test('with a key that is refused only when it is used the turn fails, and is told as such', async ({
        installation,
      }) => {
        await connect(installation, REVOKED_KEY);
        const run = await installation.perch(['run', '--agent', agentId, '--json', 'What is the word?']);
        expect(run.status).toBe(1);
        expect(jsonLines<StoredRunEvent>(run.stdout).at(-1)?.event).toMatchObject({
          type: 'turn.ended',
          result: { outcome: 'failed', failure: { error: { code: 'BYOK_CREDENTIAL_INVALID' } } },
        });
        expect(run.stdout + run.stderr).not.toContain(REVOKED_KEY);
      });
    });
  });
}
