import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Behaviour } from '../fake-providers/behaviour.ts';
import { startFakeProvider } from '../fake-providers/server.ts';
import { expectAccessible } from '../fixtures/accessible.ts';
import { connectCore } from '../fixtures/core-client.ts';
import { agentsOnPath } from '../fixtures/installation.ts';
import { photograph } from '../fixtures/screenshots.ts';
import { expect, test } from '../fixtures/test.ts';

const KEY = `sk-proj-${randomUUID()}-moody`;
/** Only the fake provider knows it. */
const WORD = `PINEAPPLE-${randomUUID().slice(0, 8)}`;
const LIMIT_MS = 90_000;

test.skip(!existsSync(join(agentsOnPath, 'codex')), 'codex is not installed below e2e/agents');
test.setTimeout(300_000);

test('a key that was refused in use is checked again in the conversation, and the conversation goes on with it', async ({
  page,
  installation,
  served,
}) => {
  const goodKeys = [KEY];
  const behaviours: Record<string, Behaviour> = {};
  const provider = await startFakeProvider({ goodKeys, knownWord: WORD, behaviours });
  const core = await connectCore(installation.dataDir);
  try {
    const providerId = 'openai';
    const scope = { kind: 'global' } as const;
    await core.client.call('providers.setBaseUrl', { providerId, baseUrl: `${provider.url}/v1` });
    await core.client.call('agents.select', { agentId: 'codex' });
    const set = await core.client.call('credentials.set', { providerId, scope, value: KEY, storage: 'keychain' });
    const { projectDir } = installation;
    const first = await core.turn({ agentId: 'codex', projectDir, prompt: 'What is the word?' });
    expect(first.answer).toContain(WORD);

    await page.goto(served.url);
    await page.getByRole('link', { name: /What is the word/ }).click();
    const conversation = page.getByRole('region', { name: /^Session with Codex/ });
    const send = async (text: string) => {
      await conversation.getByRole('textbox', { name: 'Follow-up' }).fill(text);
      // Off until the turn before has ended, which is a moment after its last word.
      await conversation.getByRole('button', { name: 'Send' }).click();
    };
    const connection = page.getByRole('region', { name: 'Connection' });
    const failures = page.getByRole('region', { name: 'Failure' });

    // Its models are listed with it all the same: asking again is what tells that it works.
    behaviours[KEY] = 'rejected';
    await send('And again?');
    await expect(failures).toContainText('BYOK_CREDENTIAL_INVALID', { timeout: LIMIT_MS });
    await expect(connection).toContainText('Codex · credential refused');
    behaviours[KEY] = 'answer';
    await connection.getByRole('button', { name: 'Check again' }).click();
    await expect(connection).toContainText('Codex · ready', { timeout: LIMIT_MS });
    await failures.getByRole('button', { name: 'Retry' }).click();
    await expect(page.getByRole('log').last()).toContainText(WORD, { timeout: LIMIT_MS });

    // Refused everywhere: with what is known of it, or asked anew, the next prompt waits.
    goodKeys.length = 0;
    await core.client.call('credentials.check', { credentialId: set.credential.credentialId, fresh: true });
    await expect(connection).toContainText('Codex · credential refused');
    await send('A third time?');
    const card = page.getByRole('region', { name: 'Credential needed' });
    await expect(card).toBeVisible({ timeout: LIMIT_MS });
    await card.getByRole('button', { name: 'Check again' }).click();
    await expect(card.getByRole('status')).toHaveText(/^invalid OpenAI.* refuses it \(401\)/);
    await expectAccessible(page);
    await photograph(page, 'check-again-refused');
    goodKeys.push(KEY);
    await card.getByRole('button', { name: 'Check again' }).click();
    await expect(card).toHaveCount(0, { timeout: LIMIT_MS });
    await expect(page.getByRole('log').last()).toContainText(WORD, { timeout: LIMIT_MS });
    await expect(connection).toContainText('Codex · ready');
  } finally {
    core.close();
    await provider.close();
  }
});
