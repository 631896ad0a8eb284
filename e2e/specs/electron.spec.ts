import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron } from '@playwright/test';
import { root } from '../fixtures/installation.ts';
import { expect, test } from '../fixtures/test.ts';

function electronBinary(): string | undefined {
  const folder = join(root, 'node_modules', 'electron');
  const named = join(folder, 'path.txt');
  if (!existsSync(named)) return undefined;
  const file = join(folder, 'dist', readFileSync(named, 'utf8').trim());
  return existsSync(file) ? file : undefined;
}

const binary = electronBinary();
const hasDisplay = process.platform !== 'linux' || process.env.DISPLAY !== undefined;

test.describe('the desktop application', () => {
  test.skip(binary === undefined, 'no Electron binary');
  test.skip(!hasDisplay, 'no display');

  test('opens its window, hardened, with the demo agent picked', async ({ installation }) => {
    const application = await _electron.launch({
      executablePath: binary ?? '',
      args: [root],
      env: { ...installation.environment, ...(process.env.DISPLAY ? { DISPLAY: process.env.DISPLAY } : {}) },
    });
    const window = await application.firstWindow();
    await expect(window.getByText('Demo', { exact: false }).first()).toBeVisible();
    expect(await window.evaluate(() => typeof (globalThis as { require?: unknown }).require)).toBe('undefined');
    expect(window.url()).toMatch(/^app:\/\/perch\//);
    await application.close();
  });
});
