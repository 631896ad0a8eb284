import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKeyForCode } from '../fake-providers/key-for-code.ts';
import { createInstallation, root } from '../fixtures/installation.ts';
import { hasKeyring, keyringPrograms } from '../fixtures/keyring.ts';
import { filesWith } from '../fixtures/leaks.ts';
import { expect, test } from '../fixtures/test.ts';

/** A copy of the built programs whose registry sends the sign-in of OpenRouter to `url`. */
function installedWith(url: string): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'perch-sign-in-')));
  for (const part of ['dist', 'resources', 'package.json']) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const file = join(folder, 'resources', 'providers', 'openrouter.json');
  const provider = JSON.parse(readFileSync(file, 'utf8')) as { login: object };
  const login = { ...provider.login, authorizationUrl: `${url}/auth`, tokenUrl: `${url}/keys` };
  writeFileSync(file, JSON.stringify({ ...provider, login }));
  return folder;
}

test('a sign-in in the browser stores a credential, and its token is seen nowhere', async ({ page, context }) => {
  test.skip(!hasKeyring, `needs ${keyringPrograms.join(' and ')}`);
  test.setTimeout(120_000);
  const key = `sk-or-v1-${randomBytes(32).toString('hex')}`;
  const provider = await startKeyForCode(key);
  const folder = installedWith(provider.url);
  const installation = await createInstallation({ keyring: 'unlocked', programsDir: join(folder, 'dist') });
  const served = await installation.serve();
  const frames: string[] = [];
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => frames.push(String(payload)));
    socket.on('framesent', ({ payload }) => frames.push(String(payload)));
  });
  await page.goto(served.url);
  await page.goto(`${new URL(page.url()).href.split('#')[0]}#/settings/credentials?provider=openrouter`);
  await page.getByLabel('Provider', { exact: true }).selectOption('openrouter');
  await page.getByRole('button', { name: 'Sign in with OpenRouter' }).click();
  const link = page.getByRole('link', { name: `Open ${new URL(provider.url).host}` });
  const opened = context.waitForEvent('page');
  await link.click({ timeout: 60_000 });
  const tab = await opened;
  await expect(tab.getByRole('heading', { name: 'Back to Perch' })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('Signed in: OPENROUTER_API_KEY')).toBeVisible({ timeout: 60_000 });

  const { stdout } = await installation.perch(['credentials', 'list', '--json']);
  expect(stdout).toContain(`••••${key.slice(-4)}`);
  const code = new URL(tab.url()).searchParams.get('code') ?? '';
  for (const secret of [key, code]) {
    expect(secret.length).toBeGreaterThan(30);
    expect(frames.filter((frame) => frame.includes(secret))).toEqual([]);
    expect(filesWith(installation.dataDir, secret)).toEqual([]);
    expect(stdout).not.toContain(secret);
  }
  // Both scans see what is there.
  expect(frames.some((frame) => frame.includes('waiting-for-browser'))).toBe(true);
  expect(filesWith(installation.dataDir, 'OPENROUTER_API_KEY').length).toBeGreaterThan(0);
  await served.stop();
  await installation.dispose();
  await provider.close();
  rmSync(folder, { recursive: true, force: true });
});
