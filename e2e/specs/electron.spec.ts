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
    const refused: string[] = [];
    window.on('console', (message) => message.type() === 'error' && refused.push(message.text()));
    expect(window.url()).toMatch(/^app:\/\/perch\//);
    await expect(window.getByRole('button', { name: /Choose agent: Demo/ })).toBeVisible();
    const reachable = await window.evaluate(() => ({
      bridge: Object.keys((globalThis as { perch?: object }).perch ?? {}).sort(),
      node: [
        typeof (globalThis as { require?: unknown }).require,
        typeof (globalThis as { process?: unknown }).process,
      ],
      opened: globalThis.open('https://example.com/') === null,
    }));
    expect(reachable).toEqual({
      bridge: ['call', 'hostKind', 'subscribe'],
      node: ['undefined', 'undefined'],
      opened: true,
    });
    await window.getByRole('textbox', { name: 'Prompt', exact: true }).fill('hello');
    await window.getByRole('button', { name: 'Send' }).click();
    await window.getByRole('button', { name: 'Deny' }).click();
    await expect(window.getByRole('list', { name: 'About this session' }).getByRole('status')).toHaveText('Done');
    expect(refused).toEqual([]);
    await application.close();
  });
});
