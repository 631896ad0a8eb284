import { expect, test } from '../fixtures/test.ts';

test.use({ withAgents: false });

test('a window whose host is frozen says so within ten seconds, and comes back by itself', async ({ page, served }) => {
  await page.goto(served.url);
  const connection = page.getByRole('region', { name: 'Connection' });
  await expect(connection).toContainText('Demo · ready');
  process.kill(served.pid, 'SIGSTOP');
  try {
    await expect(page.getByText('Perch lost the connection')).toBeVisible({ timeout: 10_000 });
    // Nothing that was known last stands beside it.
    await expect(connection).toHaveCount(0);
    await expect(page.getByText(/\bready\b/i)).toHaveCount(0);
  } finally {
    process.kill(served.pid, 'SIGCONT');
  }
  await expect(connection).toContainText('Demo · ready', { timeout: 30_000 });
  await expect(page.getByText('Perch lost the connection')).toHaveCount(0);
});
