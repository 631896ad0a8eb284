import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type FakeProvider, startFakeProvider } from '../fake-providers/server.ts';
import { type CoreClient, connectCore } from '../fixtures/core-client.ts';
import { agentsOnPath, type Installation } from '../fixtures/installation.ts';
import { filesWith } from '../fixtures/leaks.ts';
import { expect, test } from '../fixtures/test.ts';

const KEY = `sk-proj-${randomUUID()}-good`;
/** Only the fake provider knows it. */
const WORD = `PINEAPPLE-${randomUUID().slice(0, 8)}`;

test.skip(!existsSync(join(agentsOnPath, 'codex')), 'codex is not installed below e2e/agents');
test.setTimeout(180_000);

let provider: FakeProvider;
test.beforeEach(async () => {
  provider = await startFakeProvider({ goodKeys: [KEY], knownWord: WORD });
});
test.afterEach(() => provider.close());

const statusOf = async (client: CoreClient['client'], turnId: string) =>
  (await client.call('turns.get', { turnId })).turn.status;

/** A conversation whose credential went after its first turn, with a second turn that waits for one. */
async function waitingTurn({ client, turn }: CoreClient, { projectDir }: Installation): Promise<string> {
  const providerId = 'openai';
  await client.call('providers.setBaseUrl', { providerId, baseUrl: `${provider.url}/v1` });
  const scope = { kind: 'global' } as const;
  const { credential } = await client.call('credentials.set', { providerId, scope, value: KEY, storage: 'keychain' });
  const first = await turn({ agentId: 'codex', projectDir, prompt: 'What is the word?' });
  expect(first.answer).toContain(WORD);
  await client.call('credentials.remove', { credentialId: credential.credentialId });
  const turnId = randomUUID();
  const { sessionId } = first;
  await client.call('turns.submit', { turnId, agentId: 'codex', projectDir, sessionId, prompt: 'And once more?' });
  await expect.poll(() => statusOf(client, turnId)).toBe('waiting-for-credential');
  return turnId;
}

test('the set-up card takes the credential in mid-conversation, and the same turn goes on', async ({
  page,
  installation,
  served,
}) => {
  const core = await connectCore(installation.dataDir);
  const turnId = await waitingTurn(core, installation);
  await page.goto(served.url);
  await page.getByRole('link', { name: /And once more/ }).click();
  const card = page.getByRole('region', { name: 'Credential needed' });
  await expect(card).toContainText('OPENAI_API_KEY');
  await card.getByLabel('Token', { exact: false }).first().fill(KEY);
  await card.getByRole('button', { name: /^(Save|Store)/ }).click();
  await expect(page.getByText('The credential was stored; the turn went on.')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('log').last()).toContainText(WORD, { timeout: 60_000 });
  await expect.poll(() => statusOf(core.client, turnId)).toBe('completed');
  expect(filesWith(installation.dataDir, KEY)).toEqual([]);
  core.close();
});

test('the turn waits on over a restart under its id, and can be cancelled', async ({ page, installation, served }) => {
  const core = await connectCore(installation.dataDir);
  const turnId = await waitingTurn(core, installation);
  core.close();
  await served.stop();
  const again = await installation.serve();
  const later = await connectCore(installation.dataDir);
  expect(await statusOf(later.client, turnId)).toBe('waiting-for-credential');
  await page.goto(again.url);
  await page.getByRole('link', { name: /And once more/ }).click();
  await expect(page.getByRole('region', { name: 'Credential needed' })).toBeVisible();
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Credential needed' })).toHaveCount(0);
  expect(await statusOf(later.client, turnId)).toBe('cancelled');
  later.close();
});
