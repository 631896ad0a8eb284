import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { type FakeProvider, startFakeProvider } from '../fake-providers/server.ts';
import { expectAccessible } from '../fixtures/accessible.ts';
import { createInstallation, type Installation } from '../fixtures/installation.ts';
import { hasKeyring, keyringPrograms } from '../fixtures/keyring.ts';
import { LONG, ofLongForm } from '../fixtures/long.ts';
import { expect, test } from '../fixtures/test.ts';
import { agentIdFor } from '../gate/agents.ts';
import { createPrograms } from '../gate/programs.ts';

const KEY = `sk-proj-${'Qx7canary'.repeat(6)}`;
const agentId = agentIdFor('openai');
const name = 'Acme openai';

let programs: ReturnType<typeof createPrograms>;
let provider: FakeProvider;
let own: Installation;
test.beforeAll(() => {
  programs = createPrograms({ withWindow: true });
});
test.afterAll(() => programs.remove());
test.beforeEach(async () => {
  test.skip(!hasKeyring, `needs ${keyringPrograms.join(' and ')}`);
  provider = await startFakeProvider({ goodKeys: [KEY], knownWord: 'plover' });
  own = await createInstallation({ keyring: 'unlocked', programsDir: programs.programsDir });
  await perch(['providers', 'set', 'openai', '--base-url', provider.url]);
  await perch(['credentials', 'set', 'openai'], KEY);
});
test.afterEach(async () => {
  await own.dispose();
  await provider.close();
});

async function perch(args: readonly string[], input = ''): Promise<string> {
  const done = await own.perch(args, { input });
  expect(done.status, done.stderr).toBe(0);
  return done.stdout;
}

const stored = async (): Promise<{ settings: object; changed: string[] }> =>
  JSON.parse(await perch(['agents', 'settings', agentId, '--json']));

async function openSettings(page: Page): Promise<void> {
  const served = await own.serve();
  await page.goto(served.url);
  await page.goto(`${new URL(page.url()).href.split('#')[0]}#/settings/agents`);
  await page.getByRole('link', { name: `Settings of ${name}` }).click();
  await expect(section(page, 'Model')).toBeVisible();
}

/** Of the page; in a wide window the home stands beside it. */
const section = (page: Page, title: string) => page.getByRole('region', { name: title, exact: true });

test('a model of the provider’s own list is picked by keyboard, and any other is typed', async ({ page }) => {
  test.setTimeout(120_000);
  await page.setViewportSize({ width: 400, height: 620 });
  await openSettings(page);
  const field = section(page, 'Model').getByRole('combobox', { name: 'Model' });
  await field.focus();
  await page.keyboard.press('ArrowDown');
  const listed = section(page, 'Model').getByRole('group', { name: 'In your provider’s list' });
  await expect(listed.getByRole('option', { name: 'fake-model' })).toBeVisible({ timeout: 30_000 });
  await expectAccessible(page);
  await page.keyboard.type('fake');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(listed.getByRole('option', { name: 'fake-model' })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(field).toHaveValue('fake-model');
  await expect(field).toBeFocused();
  await expect(section(page, 'Model').getByRole('button', { name: 'Reset to default' })).toBeVisible();
  expect((await stored()).settings).toMatchObject({ auth: { mode: 'byo', model: 'fake-model' } });

  await field.fill('vendor/my-own');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await stored()).settings).toMatchObject({ auth: { model: 'vendor/my-own' } });
  // What is only typed is taken back.
  await field.fill('else');
  await page.keyboard.press('Escape');
  await expect(field).toHaveValue('vendor/my-own');
  await section(page, 'Model').getByRole('button', { name: 'Reset to default' }).click();
  await expect(field).toHaveValue('');
  expect((await stored()).changed).toEqual([]);
});

ofLongForm(test)(
  'managed is not offered; where it is set its turns are refused, and the way back asks',
  { tag: LONG },
  async ({ page }) => {
    test.setTimeout(120_000);
    await page.setViewportSize({ width: 400, height: 620 });
    await openSettings(page);
    await expect(section(page, 'Mode')).toBeHidden();
    await expect(page.getByText(/managed/i)).toHaveCount(0);
    expect((await own.perch(['agents', 'settings', '--help'])).stdout).not.toMatch(/managed|gateway/i);

    await perch(['agents', 'settings', 'set', agentId, 'sandbox=off']);
    await perch(['agents', 'settings', 'set', agentId, 'mode=managed', 'gateway=openai', 'models=gpt-9,gpt-8']);
    const mode = section(page, 'Mode');
    await expect(mode.getByRole('radio', { name: 'Managed' })).toBeChecked();
    await expect(section(page, name).getByText('GATEWAY_NOT_BUILT')).toBeVisible();
    await expectAccessible(page);
    const auth = { mode: 'managed', gateway: { providerId: 'openai' }, allowedModels: ['gpt-9', 'gpt-8'] };
    expect((await stored()).settings).toMatchObject({ auth });

    const plan = JSON.parse(await perch(['env', '--agent', agentId, '--json']));
    expect(plan.plan.denied).toContainEqual(expect.objectContaining({ name: 'OPENAI_API_KEY', source: 'credential' }));
    expect(plan.plan.set.map((variable: { name: string }) => variable.name)).not.toContain('OPENAI_API_KEY');
    const refused = await own.perch(['run', '--agent', agentId, '--json', 'hello']);
    expect(refused.status).toBe(3);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'GATEWAY_NOT_BUILT' } });

    await section(page, 'Reset').getByRole('button', { name: 'Reset all settings' }).click();
    const going = section(page, 'Reset');
    await expect(going.getByText('Mode and model: managed, openai, gpt-9, gpt-8')).toBeVisible();
    await expect(going.getByText('Sandbox: off')).toBeVisible();
    await going.getByRole('button', { name: 'Keep it' }).click();
    expect((await stored()).changed).toEqual(['auth', 'sandbox']);
    await going.getByRole('button', { name: 'Reset all settings' }).click();
    await going.getByRole('alertdialog').getByRole('button', { name: 'Reset all settings' }).click();
    await expect(mode).toBeHidden();
    expect((await stored()).changed).toEqual([]);
    // The credential was no setting: it is still there.
    expect(JSON.parse(await perch(['credentials', 'list', '--json'])).credentials).toHaveLength(1);
  },
);

ofLongForm(test)('the state folder is shown, and cleared after a question', { tag: LONG }, async ({ page }) => {
  test.setTimeout(120_000);
  const home = join(own.dataDir, 'agents', agentId, 'home');
  mkdirSync(join(home, 'inner'), { recursive: true, mode: 0o700 });
  writeFileSync(join(home, 'inner', 'memory'), 'x'.repeat(2_500_000));
  await page.setViewportSize({ width: 400, height: 620 });
  await openSettings(page);
  const state = section(page, 'State directory');
  await expect(state.getByText(home)).toBeVisible();
  await expect(state.getByText('2.5 MB')).toBeVisible();
  await state.getByRole('button', { name: 'Clear the directory' }).click();
  await expect(state.getByRole('button', { name: 'Keep it' })).toBeFocused();
  await page.keyboard.press('Escape');
  expect(existsSync(home)).toBe(true);
  await state.getByRole('button', { name: 'Clear the directory' }).click();
  await state.getByRole('alertdialog').getByRole('button', { name: 'Clear the directory' }).click();
  await expect(state.getByRole('status')).toHaveText('Cleared: 2.5 MB.');
  expect(existsSync(home)).toBe(false);
  await expect(state.getByRole('button', { name: 'Clear the directory' })).toBeDisabled();
});
