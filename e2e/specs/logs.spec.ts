import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../fixtures/accessible.ts';
import { LONG, ofLongForm } from '../fixtures/long.ts';
import { expect, test } from '../fixtures/test.ts';

test.use({ withAgents: false });

const LINES = 100_000;
const time = (index: number) => new Date(Date.UTC(2026, 0, 1) + index * 10).toISOString();
const line = (index: number, level = index === 70_000 ? 'error' : 'info') =>
  `${JSON.stringify({ time: time(index), level, source: 'test', message: `line ${index}.` })}\n`;

/** A log of the application's own, in the segments in which it would have been written. */
function writeLongLog(dataDir: string): string {
  const folder = join(dataDir, 'logs', 'core');
  mkdirSync(folder, { recursive: true });
  for (let segment = 0; segment < 5; segment++) {
    const lines = Array.from({ length: LINES / 5 }, (_, index) => line(segment * (LINES / 5) + index));
    writeFileSync(join(folder, `00000${segment + 1}.log`), lines.join(''));
  }
  return join(folder, '000005.log');
}

const lines = (page: Page) => page.getByRole('region', { name: 'Log lines' });
const count = (page: Page) => page.getByRole('search').getByRole('status');
const rows = (page: Page) => lines(page).getByRole('listitem');

ofLongForm(test)(
  'a log of 100,000 lines is followed, searched and read back, with few of them laid out',
  { tag: LONG },
  async ({ page, installation }) => {
    const file = writeLongLog(installation.dataDir);
    const served = await installation.serve();
    await page.goto(served.url);
    await expect(page.getByRole('heading', { name: 'Perch' })).toBeVisible();
    await page.evaluate(() => {
      window.location.hash = '#/log/core';
    });
    await expect(rows(page).last()).toBeInViewport();
    await expect.poll(() => rows(page).count()).toBeLessThan(200);
    await expect(count(page)).toContainText('500 lines shown, there are more');

    appendFileSync(file, line(LINES + 1));
    await expect(rows(page).filter({ hasText: `line ${LINES + 1}.` })).toBeInViewport();

    await page.keyboard.press('Control+f');
    await page.keyboard.type('LINE 7777');
    await expect(rows(page).first()).toContainText('line 7777.');
    await expect(count(page)).toHaveText('11 lines');
    await expect(lines(page).locator('mark').first()).toHaveText('line 7777');
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await expect(count(page)).toContainText('there are more');

    await page.getByRole('button', { name: 'To the failure' }).click();
    const marked = lines(page).locator('[aria-current="true"]');
    await expect(marked).toContainText('line 70000.');
    await expect(marked).toBeInViewport();
    await expect(page.getByRole('checkbox', { name: 'Follow' })).not.toBeChecked();

    await lines(page).focus();
    await page.keyboard.press('Home');
    await page.getByRole('button', { name: 'Show earlier lines' }).click();
    await expect(count(page)).toContainText('900 lines');
    await expect(rows(page).filter({ hasText: 'line 69800.' })).toBeInViewport();
    await expect.poll(() => rows(page).count()).toBeLessThan(200);
    await served.stop();
  },
);

test('the reader scrolls away from the end, and the log lets them', async ({ page, installation }) => {
  const file = writeLongLog(installation.dataDir);
  const served = await installation.serve();
  await page.goto(served.url);
  await page.evaluate(() => {
    window.location.hash = '#/log/core';
  });
  await expect(rows(page).last()).toBeInViewport();
  await lines(page).hover();
  await page.mouse.wheel(0, -1500);
  await expect(page.getByRole('checkbox', { name: 'Follow' })).not.toBeChecked();
  appendFileSync(file, line(LINES + 1));
  await page.getByRole('checkbox', { name: 'Follow' }).check();
  await expect(rows(page).filter({ hasText: `line ${LINES + 1}.` })).toBeInViewport();
  await served.stop();
});
