import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startFakeProvider } from '../fake-providers/server.ts';
import { agentsOnPath } from '../fixtures/installation.ts';
import { LONG, ofLongForm } from '../fixtures/long.ts';
import { expect, test } from '../fixtures/test.ts';

test.skip(!existsSync(join(agentsOnPath, 'opencode')), 'opencode is not installed below e2e/agents');
test.setTimeout(180_000);

ofLongForm(test)(
  'a key that its provider refuses in mid-turn leads to signed out, in the card and with the way to paste another',
  {
    tag: LONG,
  },
  async ({ page, installation, served }) => {
    const key = `sk-proj-${randomUUID()}-revoked`;
    const provider = await startFakeProvider({ goodKeys: [], listingKeys: [key], knownWord: 'nothing' });
    try {
      await installation.perch(['providers', 'set', 'openai', '--base-url', `${provider.url}/v1`]);
      const set = await installation.perch(['credentials', 'set', 'openai'], { input: key });
      expect(set.status, set.stderr).toBe(0);
      await page.goto(served.url);
      await page.getByRole('button', { name: /Choose agent/ }).click();
      await page
        .getByRole('list', { name: 'Agents' })
        .getByRole('button', { name: /OpenCode/ })
        .click();
      const connection = page.getByRole('region', { name: 'Connection' });
      await expect(connection).toContainText('OpenCode · ready', { timeout: 30_000 });
      await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('What is the word?');
      const send = page.getByRole('region', { name: 'New conversation' }).getByRole('button', { name: 'Send' });
      await expect(send).toBeEnabled({ timeout: 30_000 });
      await send.click();
      const failure = page.getByRole('region', { name: 'Failure' });
      await expect(failure).toContainText('BYOK_CREDENTIAL_INVALID', { timeout: 120_000 });
      await expect(connection).toContainText('OpenCode · credential refused', { timeout: 30_000 });
      await expect(page.getByText('OpenCode · credential refused')).toHaveCount(1);
      await failure.getByRole('link', { name: 'Fix credential' }).click();
      await expect(page.getByRole('combobox', { name: 'Provider' })).toHaveValue('openai');
    } finally {
      await provider.close();
    }
  },
);
