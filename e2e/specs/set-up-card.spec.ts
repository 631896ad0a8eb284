import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { type FakeProvider, startFakeProvider } from '../fake-providers/server.ts';
import { type CoreClient, connectCore } from '../fixtures/core-client.ts';
import { agentsOnPath } from '../fixtures/installation.ts';
import { filesWith } from '../fixtures/leaks.ts';
import { LONG, ofLongForm } from '../fixtures/long.ts';
import { openRun } from '../fixtures/open-run.ts';
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

/** Types a first prompt for an agent that lacks its credential, and sends it; answers the id of the turn that waits. */
async function sendFirst(page: Page, { client }: CoreClient, url: string): Promise<string> {
  await page.goto(url);
  await expect(page.getByText('You can send now: the prompt waits')).toBeVisible({ timeout: 60_000 });
  const box = page.getByRole('textbox', { name: 'Prompt', exact: true });
  await box.fill('What is the word?');
  await box.press('Enter');
  await expect(page.getByRole('region', { name: /^(Credential|Provider) needed$/ })).toBeVisible({ timeout: 30_000 });
  const turnId = /session\/([\w-]+)/.exec(page.url())?.[1] ?? '';
  expect(await statusOf(client, turnId)).toBe('waiting-for-credential');
  return turnId;
}

/** A conversation whose credential went after its first turn, with a follow-up that is sent in the window and waits. */
async function waitingTurn(page: Page, { client, turn }: CoreClient, { projectDir, url }: Place): Promise<string> {
  const providerId = 'openai';
  await client.call('providers.setBaseUrl', { providerId, baseUrl: `${provider.url}/v1` });
  await client.call('agents.select', { agentId: 'codex' });
  const scope = { kind: 'global' } as const;
  const { credential } = await client.call('credentials.set', { providerId, scope, value: KEY, storage: 'keychain' });
  const first = await turn({ agentId: 'codex', projectDir, prompt: 'What is the word?' });
  expect(first.answer).toContain(WORD);
  await page.goto(url);
  await page.getByRole('link', { name: /What is the word/ }).click();
  await client.call('credentials.remove', { credentialId: credential.credentialId });
  const conversation = page.getByRole('region', { name: /^Session with Codex/ });
  const followUp = conversation.getByRole('textbox', { name: 'Follow-up' });
  await followUp.fill('And once more?');
  await followUp.press('Enter');
  await expect(page.getByRole('region', { name: 'Credential needed' })).toBeVisible({ timeout: 30_000 });
  const { turns } = await client.call('turns.list', { sessionId: first.sessionId, limit: 1 });
  const turnId = turns[0]?.turnId ?? '';
  expect(await statusOf(client, turnId)).toBe('waiting-for-credential');
  return turnId;
}

interface Place {
  readonly projectDir: string;
  readonly url: string;
}

// Its first prompt alone is part of `npm test`: the same card, and the same way on.
ofLongForm(test)(
  'the follow-up without a credential waits with the card in the conversation, and goes on with the key pasted there',
  { tag: LONG },
  async ({ page, installation, served }) => {
    const core = await connectCore(installation.dataDir);
    const turnId = await waitingTurn(page, core, { ...installation, url: served.url });
    const card = page.getByRole('region', { name: 'Credential needed' });
    await expect(card.getByRole('link', { name: 'Sign in with ChatGPT' })).toBeVisible();
    // Told once on the whole page: neither the card of the connection nor an alert says it again.
    await expect(page.getByText(/Sign in with your ChatGPT account, or paste an API key/)).toHaveCount(1);
    await card.getByRole('button', { name: 'Paste key' }).click();
    await expect(card.getByLabel('Token', { exact: true })).toBeFocused();
    await card.getByLabel('Token', { exact: true }).fill(KEY);
    await card.getByRole('button', { name: /^(Save|Store)/ }).click();
    await expect(page.getByText('The turn continued with the new credential.')).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole('log').last()).toContainText(WORD, { timeout: 60_000 });
    await expect.poll(() => statusOf(core.client, turnId)).toBe('completed');
    expect(filesWith(installation.dataDir, KEY)).toEqual([]);
    core.close();
  },
);

test('a first prompt without a credential is sent from the home view, waits, and goes on with the key pasted in its card', async ({
  page,
  installation,
  served,
}) => {
  const core = await connectCore(installation.dataDir);
  await core.client.call('providers.setBaseUrl', { providerId: 'openai', baseUrl: `${provider.url}/v1` });
  await core.client.call('agents.select', { agentId: 'codex' });
  const turnId = await sendFirst(page, core, served.url);
  await expect(page.getByText(/Sign in with your ChatGPT account, or paste an API key/)).toHaveCount(1);
  const card = page.getByRole('region', { name: 'Credential needed' });
  await expect(card.getByRole('link', { name: 'Sign in with ChatGPT' })).toBeVisible();
  await card.getByRole('button', { name: 'Paste key' }).click();
  await card.getByLabel('Token', { exact: true }).fill(KEY);
  await card.getByRole('button', { name: /^(Save|Store)/ }).click();
  await expect(page.getByText('The turn continued with the new credential.')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('log').last()).toContainText(WORD, { timeout: 60_000 });
  await expect.poll(() => statusOf(core.client, turnId)).toBe('completed');
  expect(filesWith(installation.dataDir, KEY)).toEqual([]);
  core.close();
});

ofLongForm(test)(
  'a first prompt that needs a choice of provider is sent, and goes on with the one chosen in its card',
  { tag: LONG },
  async ({ page, installation, served }) => {
    test.skip(!existsSync(join(agentsOnPath, 'opencode')), 'opencode is not installed below e2e/agents');
    const core = await connectCore(installation.dataDir);
    const scope = { kind: 'global' } as const;
    const ids: string[] = [];
    for (const providerId of ['anthropic', 'openai', 'openrouter']) {
      const baseUrl = providerId === 'anthropic' ? provider.url : `${provider.url}/v1`;
      await core.client.call('providers.setBaseUrl', { providerId, baseUrl });
      const set = { providerId, scope, value: KEY, storage: 'keychain' } as const;
      ids.push((await core.client.call('credentials.set', set)).credential.credentialId);
    }
    await core.client.call('agents.select', { agentId: 'opencode' });
    // The agent keeps the provider of its first key; without that one, two others are left to choose from.
    await core.client.call('credentials.remove', { credentialId: ids[0] ?? '' });
    const turnId = await sendFirst(page, core, served.url);
    const card = page.getByRole('region', { name: 'Provider needed' });
    // The page asks once.
    await expect(page.getByRole('combobox').filter({ hasText: 'OpenRouter' })).toHaveCount(1);
    await card.getByRole('combobox').selectOption({ label: 'OpenRouter' });
    await expect(page.getByText('The turn continued with the provider that you chose.')).toBeVisible({
      timeout: 60_000,
    });
    await expect(page.getByRole('log').last()).toContainText(WORD, { timeout: 120_000 });
    await expect.poll(() => statusOf(core.client, turnId)).toBe('completed');
    core.close();
  },
);

ofLongForm(test)(
  'perch run waits at a terminal, and goes on once the key is stored in another one',
  { tag: LONG },
  async ({ installation }) => {
    await installation.perch(['providers', 'set', 'openai', '--base-url', `${provider.url}/v1`]);
    const run = openRun(installation, ['run', '--agent', 'codex', 'What is the word?']);
    await run.until('The turn waits until that is done');
    expect(run.output()).toContain('perch agents login codex');
    expect(run.output()).toContain('perch credentials set openai');
    const set = await installation.perch(['credentials', 'set', 'openai'], { input: KEY });
    expect(set.status, set.stderr).toBe(0);
    expect(await run.exited, run.output()).toBe(0);
    expect(run.output()).toContain(WORD);
  },
);

ofLongForm(test)(
  'the turn waits on over a restart under its id, and can be cancelled',
  { tag: LONG },
  async ({ page, installation, served }) => {
    const core = await connectCore(installation.dataDir);
    const turnId = await waitingTurn(page, core, { ...installation, url: served.url });
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
  },
);
