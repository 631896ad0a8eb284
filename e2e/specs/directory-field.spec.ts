import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expectAccessible } from '../fixtures/accessible.ts';
import { createInstallation } from '../fixtures/installation.ts';
import { expect, test } from '../fixtures/test.ts';

test('a working directory is completed and checked while it is typed, and kept as the path that is meant', async ({
  page,
}) => {
  test.setTimeout(90_000);
  const own = await createInstallation({ keyring: 'none' });
  for (const name of ['src/app', 'src/api docs']) mkdirSync(join(own.home, name), { recursive: true });
  writeFileSync(join(own.home, 'src', 'a-file'), '');
  const served = await own.serve();
  await page.setViewportSize({ width: 420, height: 640 });
  await page.goto(served.url);
  const toggle = page.getByRole('button', { name: /^Working directory/ });
  await toggle.click();
  const field = page.getByRole('combobox', { name: 'Folder' });
  const use = page.getByRole('button', { name: 'Use', exact: true });
  const finding = page.locator('.directory-panel').getByRole('status');

  for (const [typed, sentence] of [
    ['~/nosuch', `The folder ${join(own.home, 'nosuch')} does not exist`],
    ['~/src/a-file', 'is a file'],
    ['~', 'is too broad for an agent'],
  ] as const) {
    await field.fill(typed);
    await expect(finding).toContainText(sentence);
    await expect(use).toBeDisabled();
  }
  await expectAccessible(page);

  const docs = join(own.home, 'src', 'api docs');
  for (const typed of [`"${docs}"`, pathToFileURL(docs).href, ' ~/src/api docs ', 'src/api docs']) {
    await field.fill(typed);
    await expect(finding).toHaveText(`Resolves to ${docs}`);
    await expect(use).toBeEnabled();
  }

  await field.fill('~/src/a');
  await expect(page.getByRole('listbox', { name: 'Folders that match' }).getByRole('option')).toHaveText([
    docs,
    join(own.home, 'src', 'app'),
  ]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(field).toHaveValue(`${join(own.home, 'src', 'app')}/`);
  await expect(use).toBeEnabled();
  await page.keyboard.press('Enter');
  await expect(toggle).toHaveAttribute('title', join(own.home, 'src', 'app'));
  await own.dispose();
});
