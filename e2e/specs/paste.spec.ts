import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { startFakeProvider } from '../fake-providers/server.ts';
import { agentsOnPath } from '../fixtures/installation.ts';
import { isLong, LONG, LONG_ONLY, ofLongForm } from '../fixtures/long.ts';
import { expect, test } from '../fixtures/test.ts';

test.use({ permissions: ['clipboard-read', 'clipboard-write'], withAgents: false });
// Nothing listens there: a key that is saved is asked about, and a test asks no real provider.
test.beforeEach(async ({ installation, served }) => {
  expect(served.pid).toBeGreaterThan(0);
  await installation.perch(['providers', 'set', 'openrouter', '--base-url', 'http://127.0.0.1:9/api/v1']);
});

const newKey = () => `sk-or-v1-${randomUUID().replaceAll('-', '')}${randomUUID().replaceAll('-', '')}`;
const copy = (page: Page, text: string) => page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText());

/** As a person does it: from the clipboard, by the keyboard. */
async function paste(page: Page, text: string): Promise<void> {
  await copy(page, text);
  await page.getByLabel('Token', { exact: true }).focus();
  await page.keyboard.press('ControlOrMeta+V');
}

async function openCredentials(page: Page, url: string, provider = 'OpenRouter'): Promise<void> {
  await page.goto(url);
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('combobox', { name: 'Provider' }).selectOption({ label: provider });
}

const half = (key: string, between: string) => key.slice(0, 40) + between + key.slice(40);

/** The kept cases: one for each repair, and one that needs none. */
const KEPT: ReadonlySet<string> = new Set(['wrapped by Windows']);

for (const [how, wrap, repair] of [
  ['wrapped in the terminal', (key: string) => half(key, '\n'), 'Join the lines'],
  ['wrapped by Windows', (key: string) => `${half(key, '\r\n  ')}\r\n`, 'Join the lines'],
  ['exported', (key: string) => `export OPENROUTER_API_KEY=${key}`, 'Keep only the value'],
  ['quoted and exported', (key: string) => `export K=" “${half(key, '\n')}” "`, 'Keep only the value'],
  ['in a header', (key: string) => `Authorization: Bearer ${key}`, 'Use only the token'],
  ['between blanks', (key: string) => `  ${key} \n`, undefined],
] as const) {
  test.describe(() => {
    test.skip(!isLong && !KEPT.has(how), LONG_ONLY);
    test(`the clipboard is emptied of a key that was ${how}`, async ({ page, served, installation }) => {
      const key = newKey();
      await openCredentials(page, served.url);
      await paste(page, wrap(key));
      if (repair !== undefined) await page.getByRole('button', { name: repair }).click();
      await page.getByRole('button', { name: 'Save token' }).click();
      await expect(page.getByText('Perch cleared the clipboard.')).toBeVisible();
      expect((await clipboard(page)).trim()).toBe('');
      expect(await page.content()).not.toContain(key.slice(0, 40));
      const listed = JSON.parse((await installation.perch(['credentials', 'list', '--json'])).stdout);
      expect(listed.credentials[0].masked).toContain(key.slice(-4));
    });
  });
}

ofLongForm(test)(
  'what was copied meanwhile is left alone, and that is told',
  { tag: LONG },
  async ({ page, served }) => {
    await openCredentials(page, served.url);
    await paste(page, half(newKey(), '\n'));
    await page.getByRole('button', { name: 'Join the lines' }).click();
    await copy(page, 'a poem');
    await page.getByRole('button', { name: 'Save token' }).click();
    await expect(page.getByText('Perch left the clipboard alone, because it now holds something else.')).toBeVisible();
    expect(await clipboard(page)).toBe('a poem');
  },
);

ofLongForm(test)(
  'the Environment page empties it of a variable’s value and of a whole .env text',
  { tag: LONG },
  async ({ page, served }) => {
    await page.goto(served.url);
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('link', { name: /^Environment/ }).click();
    await page.getByLabel('Name', { exact: true }).fill('MY_SECRET');
    await copy(page, `export MY_SECRET="${newKey()}"`);
    await page.getByLabel('Value', { exact: true }).focus();
    await page.keyboard.press('ControlOrMeta+V');
    await page.getByRole('button', { name: 'Keep only the value' }).click();
    await page.getByRole('button', { name: 'Save variable' }).click();
    await expect(page.getByText('Perch cleared the clipboard.')).toBeVisible();
    expect((await clipboard(page)).trim()).toBe('');

    await copy(page, `FIRST_SECRET=${newKey()}\nSECOND_SECRET=${newKey()}\n`);
    await page.locator('summary', { hasText: '.env' }).click();
    await page.locator('textarea[name="text"]').focus();
    await page.keyboard.press('ControlOrMeta+V');
    await page.getByRole('button', { name: 'Show its variables' }).click();
    await page.getByRole('button', { name: /^Save selected/ }).click();
    await expect(page.getByText('Perch cleared the clipboard.').last()).toBeVisible();
    await expect.poll(async () => (await clipboard(page)).trim()).toBe('');
  },
);

ofLongForm(test)(
  'a character that no provider can receive bars the key, and can be looked at in the field',
  { tag: LONG },
  async ({ page, served, installation }) => {
    const key = newKey();
    await openCredentials(page, served.url);
    await paste(page, half(key, '“'));
    await expect(
      page.getByText('A typographic quotation mark (“, U+201C) stands at line 1, character 41.'),
    ).toBeVisible();
    await expect(page.getByRole('button', { name: 'Save token' })).toBeDisabled();
    const field = page.getByLabel('Token', { exact: true });
    await expect(field).toHaveAttribute('type', 'password');
    await page.getByRole('button', { name: 'Show where' }).click();
    await expect(field).toHaveAttribute('type', 'text');
    await expect(field).toBeFocused();
    const selected = () => field.evaluate((input: HTMLInputElement) => [input.selectionStart, input.selectionEnd]);
    await expect.poll(selected).toEqual([40, 41]);
    await page.keyboard.press('Delete');
    await expect(page.getByText('This looks like a token of OpenRouter.')).toBeVisible();
    await page.getByRole('button', { name: 'Save token' }).click();
    await expect(page.getByText('Perch cleared the clipboard.')).toBeVisible();
    await expect(field).toHaveAttribute('type', 'password');
    const piped = await installation.perch(['credentials', 'set', 'openrouter', '--json'], { input: half(key, '∑') });
    expect(JSON.parse(piped.stdout)).toMatchObject({ error: { code: 'CREDENTIAL_NOT_SENDABLE' } });
    expect(piped.stdout + piped.stderr).not.toContain(key.slice(0, 40));
  },
);

ofLongForm(test)(
  'several keys are told apart by their ends, and the chosen one is kept',
  { tag: LONG },
  async ({ page, served, installation }) => {
    const [old, fresh] = [newKey(), newKey()];
    await openCredentials(page, served.url);
    await paste(page, `old: ${old}\nnew: ${fresh}`);
    await expect(page.getByRole('button', { name: 'Join the lines' })).toHaveCount(0);
    await page.getByRole('button', { name: `Use value 2 (••••••••${fresh.slice(-4)})` }).click();
    await page.getByRole('button', { name: 'Save token' }).click();
    await expect(page.getByText('Perch cleared the clipboard.')).toBeVisible();
    const listed = JSON.parse((await installation.perch(['credentials', 'list', '--json'])).stdout);
    expect(listed.credentials[0].masked).toContain(fresh.slice(-4));
  },
);

test.describe('where it may not be read', () => {
  test.use({ permissions: [] });
  ofLongForm(test)('the window says that it was not cleared', { tag: LONG }, async ({ page, served }) => {
    await openCredentials(page, served.url);
    await page.getByLabel('Token', { exact: true }).fill(newKey());
    await page.getByRole('button', { name: 'Save token' }).click();
    await expect(page.getByText(/Perch did not clear the clipboard/)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Clear clipboard' })).toBeVisible();
  });
});

/** Only the fake provider knows it. */
const WORD = `PINEAPPLE-${randomUUID().slice(0, 8)}`;

for (const { agentId, name, command, providerId, label, path, key } of [
  {
    agentId: 'claude-code',
    name: /Claude Code/,
    command: 'claude-agent-acp',
    providerId: 'anthropic',
    label: 'Anthropic',
    path: '',
    key: `sk-ant-api03-${randomUUID()}${randomUUID()}-${'x'.repeat(20)}AA`,
  },
  {
    agentId: 'opencode',
    name: /OpenCode/,
    command: 'opencode',
    providerId: 'openai',
    label: 'OpenAI',
    path: '/v1',
    key: `sk-proj-${randomUUID()}-${randomUUID()}`,
  },
]) {
  test.describe(agentId, () => {
    test.use({ withAgents: true });
    test.skip(!existsSync(join(agentsOnPath, command)), `${command} is not installed below e2e/agents`);
    test.skip(!isLong && agentId !== 'claude-code', LONG_ONLY);
    test.setTimeout(180_000);

    test('answers with exactly the key that was pasted broken and repaired by one click', async ({
      page,
      served,
      installation,
    }) => {
      const provider = await startFakeProvider({ goodKeys: [key], knownWord: WORD });
      await installation.perch(['providers', 'set', providerId, '--base-url', `${provider.url}${path}`]);
      await openCredentials(page, served.url, label);
      await paste(page, `${key.slice(0, 60)}\n  ${key.slice(60)}\n`);
      await page.getByRole('button', { name: 'Join the lines' }).click();
      await page.getByRole('button', { name: 'Save token' }).click();
      await expect(page.getByText('Perch cleared the clipboard.')).toBeVisible();
      await expect(page.getByText('valid', { exact: true }).first()).toBeVisible();
      await page.getByRole('button', { name: /Choose agent/ }).click();
      await page.getByRole('list', { name: 'Agents' }).getByRole('button', { name }).first().click();
      await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('What is the word?');
      const send = page.getByRole('region', { name: 'New conversation' }).getByRole('button', { name: 'Send' });
      await expect(send).toBeEnabled({ timeout: 30_000 });
      await send.click();
      await expect(page.getByRole('log').last()).toContainText(WORD, { timeout: 120_000 });
      // The fake accepts a credential only as it was given: every request carried exactly this key.
      const seen = new Set(provider.requests.map(({ credential }) => credential));
      expect([...seen]).toEqual(['good']);
      expect(provider.requests.some(({ method }) => method === 'POST')).toBe(true);
      await provider.close();
    });
  });
}
