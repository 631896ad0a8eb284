import { expect, test } from '../fixtures/test.ts';

test.use({ withAgents: false });

test('a conversation is deleted after a question, and its turns are gone', async ({ page, served }) => {
  await page.goto(served.url);
  const prompt = page.getByRole('textbox', { name: 'Prompt', exact: true });
  await prompt.fill('please fail');
  await expect(
    page.getByRole('region', { name: 'New conversation' }).getByRole('button', { name: 'Send' }),
  ).toBeEnabled();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Failure' })).toBeVisible();
  const remove = page.getByRole('button', { name: 'Delete this conversation' });
  await remove.click();
  const question = page.getByRole('group', { name: /You cannot undo this/ });
  await question.getByRole('button', { name: 'Keep' }).click();
  await expect(page.getByRole('region', { name: 'Failure' })).toBeVisible();
  await remove.click();
  await question.getByRole('button', { name: 'Delete permanently' }).click();
  await expect(page.getByRole('region', { name: 'New conversation' })).toBeVisible();
  await expect(page.getByRole('link', { name: /please fail/ })).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('region', { name: 'New conversation' })).toBeVisible();
  await expect(page.getByRole('link', { name: /please fail/ })).toHaveCount(0);
});
