import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });
// Nothing listens there: a key that is saved is asked about, and a test asks no real provider.
test.beforeEach(async ({ installation }) => {
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

async function openCredentials(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('combobox', { name: 'Provider' }).selectOption({ label: 'OpenRouter' });
}

const half = (key: string, between: string) => key.slice(0, 40) + between + key.slice(40);

for (const [how, wrap, repair] of [
  ['wrapped in the terminal', (key: string) => half(key, '\n'), 'Join the lines'],
  ['wrapped by Windows', (key: string) => `${half(key, '\r\n  ')}\r\n`, 'Join the lines'],
  ['exported', (key: string) => `export OPENROUTER_API_KEY=${key}`, 'Keep only the value'],
  ['quoted', (key: string) => `"${key}"`, 'Keep only the value'],
  ['between blanks', (key: string) => `  ${key} \n`, undefined],
] as const) {
  test(`the clipboard is emptied of a key that was ${how}`, async ({ page, served, installation }) => {
    const key = newKey();
    await openCredentials(page, served.url);
    await paste(page, wrap(key));
    if (repair !== undefined) await page.getByRole('button', { name: repair }).click();
    await page.getByRole('button', { name: 'Save token' }).click();
    await expect(page.getByText('The clipboard was cleared.')).toBeVisible();
    expect((await clipboard(page)).trim()).toBe('');
    expect(await page.content()).not.toContain(key.slice(0, 40));
    const listed = JSON.parse((await installation.perch(['credentials', 'list', '--json'])).stdout);
    expect(listed.credentials[0].masked).toContain(key.slice(-4));
  });
}

test('what was copied meanwhile is left alone, and that is told', async ({ page, served }) => {
  await openCredentials(page, served.url);
  await paste(page, half(newKey(), '\n'));
  await page.getByRole('button', { name: 'Join the lines' }).click();
  await copy(page, 'a poem');
  await page.getByRole('button', { name: 'Save token' }).click();
  await expect(page.getByText('The clipboard holds something else by now, so it was left alone.')).toBeVisible();
  expect(await clipboard(page)).toBe('a poem');
});

test('the Environment page empties it of a variable’s value and of a whole .env text', async ({ page, served }) => {
  await page.goto(served.url);
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: /^Environment/ }).click();
  await page.getByLabel('Name', { exact: true }).fill('MY_SECRET');
  await copy(page, `export MY_SECRET="${newKey()}"`);
  await page.getByLabel('Value', { exact: true }).focus();
  await page.keyboard.press('ControlOrMeta+V');
  await page.getByRole('button', { name: 'Keep only the value' }).first().click();
  await page.getByRole('button', { name: 'Save variable' }).click();
  await expect(page.getByText('The clipboard was cleared.')).toBeVisible();
  expect((await clipboard(page)).trim()).toBe('');

  await copy(page, `FIRST_SECRET=${newKey()}\nSECOND_SECRET=${newKey()}\n`);
  await page.locator('summary', { hasText: '.env' }).click();
  await page.locator('textarea[name="text"]').focus();
  await page.keyboard.press('ControlOrMeta+V');
  await page.getByRole('button', { name: 'Show what is in it' }).click();
  await page.getByRole('button', { name: /^Save selected/ }).click();
  await expect(page.getByText('The clipboard was cleared.').last()).toBeVisible();
  await expect.poll(async () => (await clipboard(page)).trim()).toBe('');
});

test.describe('where it may not be read', () => {
  test.use({ permissions: [] });
  test('the window says that it was not cleared', async ({ page, served }) => {
    await openCredentials(page, served.url);
    await page.getByLabel('Token', { exact: true }).fill(newKey());
    await page.getByRole('button', { name: 'Save token' }).click();
    await expect(page.getByText(/The clipboard was not cleared/)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Clear clipboard' })).toBeVisible();
  });
});
