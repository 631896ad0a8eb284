import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../fixtures/accessible.ts';
import { LONG, ofLongForm } from '../fixtures/long.ts';
import { photograph } from '../fixtures/screenshots.ts';
import { expect, test } from '../fixtures/test.ts';

async function ask(page: Page, prompt: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill(prompt);
  // Ready is known a moment after the window is there.
  await expect(
    page.getByRole('region', { name: 'New conversation' }).getByRole('button', { name: 'Send' }),
  ).toBeEnabled();
  await page.keyboard.press('Enter');
}

/** The runner is the child of the host that runs `runner.mjs`. */
function runnerPid(hostPid: number): number | undefined {
  const children = readFileSync(`/proc/${hostPid}/task/${hostPid}/children`, 'utf8').split(' ').filter(Boolean);
  return children.map(Number).find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('runner.mjs'));
}

const turnEnds = (page: Page) => page.getByRole('list', { name: 'About this session' }).getByRole('status');

test('a newcomer’s first minute: the demo answers, asks, and does what it was allowed', async ({
  page,
  installation,
  served,
}) => {
  await page.setViewportSize({ width: 400, height: 620 });
  await page.goto(served.url);
  await expect(page.getByRole('region', { name: 'Connection' })).toContainText('Demo · ready');
  await expect(page.getByRole('button', { name: /Choose agent: Demo/ })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Protection' })).toContainText('only allowed hosts');
  await expectAccessible(page);
  await photograph(page, 'popover-empty');
  await ask(page, 'What can you do?');
  await page.getByRole('button', { name: 'Allow once' }).click();
  await expect(turnEnds(page)).toHaveText('Done');
  await expect(page.getByRole('log', { name: 'Answer of Demo' })).toContainText('demo agent');
  expect(existsSync(join(installation.dataDir, 'scratch', 'perch-demo.txt'))).toBe(true);
  await expectAccessible(page);
  await photograph(page, 'session');
  await page.goBack();
  await expect(page.getByRole('region', { name: 'Recent turns' })).toContainText('Done');
  await photograph(page, 'popover');
});

test('a failed turn says why, and Open log opens its log at the failing line', async ({ page, served }) => {
  await page.goto(served.url);
  await ask(page, 'please fail');
  const failure = page.getByRole('region', { name: 'Failure' });
  await expect(failure).toContainText('AGENT_REPORTED_ERROR');
  await expectAccessible(page);
  await photograph(page, 'failure');
  await failure.getByRole('link', { name: 'Open log' }).click();
  const marked = page.getByRole('region', { name: 'Log lines' }).locator('[aria-current="true"]');
  await expect(marked).toContainText('AGENT_REPORTED_ERROR');
  await expect(marked).toBeInViewport();
  await photograph(page, 'log');
});

test('an agent is picked in the popover, and stays picked after a reload', async ({ page, served }) => {
  await page.goto(served.url);
  await page.getByRole('button', { name: /Choose agent/ }).click();
  await page.getByRole('list', { name: 'Agents' }).getByRole('button', { name: /Codex/ }).click();
  await expect(page.getByRole('button', { name: /Choose agent: Codex/ })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Connection' })).toContainText(/OpenAI/);
  await photograph(page, 'needs-sign-in');
  await page.reload();
  await expect(page.getByRole('button', { name: /Choose agent: Codex/ })).toBeVisible();
});

test('signed out is said once, in the connection card, and one agent is listed: the selected one', async ({
  page,
  served,
}) => {
  await page.goto(served.url);
  await page.getByRole('button', { name: /Choose agent/ }).click();
  await page.getByRole('list', { name: 'Agents' }).getByRole('button', { name: /Codex/ }).click();
  await expect(page.getByRole('region', { name: 'Connection' })).toContainText('Codex · not signed in');
  // Beside the card the agent's own line may name its state; the cause and the way out are told in the card alone.
  await expect(page.getByText(/· not signed in/)).toHaveCount(1);
  await expect(page.getByText(/Sign in with your ChatGPT account, or paste an API key/)).toHaveCount(1);
  await expect(page.getByRole('button', { name: 'Paste key' })).toHaveCount(1);
  await expect(page.getByRole('link', { name: 'Sign in with ChatGPT' })).toHaveCount(1);
  await expect(page.getByRole('button', { name: /Choose agent: Codex/ })).toHaveCount(1);
  await expect(page.getByText('OpenCode')).toHaveCount(0);
});

ofLongForm(test)(
  'the runner’s card has its cause, its exit and its history, while it is away',
  { tag: LONG },
  async ({ page, served }) => {
    await page.goto(served.url);
    const connection = page.getByRole('region', { name: 'Connection' });
    await expect(connection).toContainText('Demo · ready');
    // Five crashes within a minute: it stays away.
    let last: number | undefined;
    for (let crash = 0; crash < 5; crash++) {
      await expect
        .poll(
          () => {
            const pid = runnerPid(served.pid);
            return pid !== undefined && pid !== last;
          },
          { timeout: 60_000 },
        )
        .toBe(true);
      last = runnerPid(served.pid);
      process.kill(last ?? 0, 'SIGKILL');
    }
    await expect(connection).toContainText('RUNNER_CRASH_LOOP', { timeout: 60_000 });
    await expect(connection).toContainText('signal SIGKILL');
    await connection.getByText(/^Restart history/).click();
    await expect(connection.getByRole('list', { name: /^Restart history/ }).getByRole('listitem')).toHaveCount(5);
    await expectAccessible(page);
    await connection.getByRole('link', { name: 'Open log' }).click();
    await expect(page.getByRole('region', { name: 'Log lines' }).locator('[aria-current="true"]')).toContainText(
      'SIGKILL',
    );
    await page.goBack();
    await connection.getByRole('button', { name: 'Restart' }).click();
    await expect(connection).toContainText('Demo · ready');
  },
);

test('a killed runner shows reconnecting, then connected, and nothing persisted is lost', async ({ page, served }) => {
  await page.goto(served.url);
  const connection = page.getByRole('region', { name: 'Connection' });
  await expect(connection).toContainText('Demo · ready');
  await ask(page, '/hang');
  await expect(turnEnds(page)).toHaveText(/Running/);
  const before = runnerPid(served.pid);
  expect(before).toBeDefined();
  const seen = expect(connection).toContainText(/reconnecting|starting/);
  process.kill(before ?? 0, 'SIGKILL');
  await seen;
  await expect(connection).toContainText('Demo · ready');
  expect(runnerPid(served.pid)).not.toBe(before);
  await expect(page.getByRole('region', { name: 'Failure' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('article', { name: /\/hang/ })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Failure' })).toBeVisible();
});

ofLongForm(test)(
  'Ctrl+C lets a turn finish, the window says so and takes it back; the end comes with the turn’s',
  {
    tag: LONG,
  },
  async ({ page, served }) => {
    await page.goto(served.url);
    await ask(page, '/hang');
    await expect(turnEnds(page)).toHaveText(/Running/);
    const staying = page.getByRole('button', { name: 'Keep Perch running' });
    let said = '';
    served.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    process.kill(served.pid, 'SIGINT');
    await expect(page.getByText('Perch quits when the running turns have ended: 1.')).toBeVisible();
    expect(said).toContain('Press Ctrl+C again to stop them at once:\n  /hang\n');
    await expectAccessible(page);
    await staying.click();
    await expect(staying).toBeHidden();
    process.kill(served.pid, 'SIGINT');
    await expect(staying).toBeVisible();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => existsSync(`/proc/${served.pid}`), { timeout: 30_000 }).toBe(false);
  },
);

test('the loopback host cannot keep the machine awake, and says so', async ({ page, served }) => {
  await page.goto(`${served.url}#/settings/general`);
  const box = page.getByRole('checkbox', { name: 'Keep this machine awake while a turn is running' });
  await expect(box).toBeDisabled();
  await expect(box).toHaveAccessibleDescription(/Only the desktop application/);
});

test('cancel ends a turn that hangs', async ({ page, served }) => {
  await page.goto(served.url);
  await ask(page, '/ignore-cancel');
  await expect(turnEnds(page)).toHaveText(/Running/);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(turnEnds(page)).toHaveText('Cancelled');
});

ofLongForm(test)(
  'a restarted Perch still shows what was said before',
  { tag: LONG },
  async ({ page, installation, served }) => {
    await page.goto(served.url);
    await ask(page, 'please fail');
    await expect(page.getByRole('region', { name: 'Failure' })).toBeVisible();
    await served.stop();
    const again = await installation.serve();
    await page.goto(again.url);
    await page.getByRole('link', { name: /please fail/ }).click();
    await expect(page.getByRole('region', { name: 'Failure' })).toContainText('AGENT_REPORTED_ERROR');
  },
);

ofLongForm(test)(
  'a pasted token that wrapped is warned about, joined, kept masked, and deleted',
  { tag: LONG },
  async ({ page, installation, served }) => {
    const secret = `sk-or-v1-${randomUUID().replaceAll('-', '')}${randomUUID().replaceAll('-', '')}`;
    // Nobody is there: a token that is saved is asked about, and a test asks nobody else.
    await installation.perch(['providers', 'set', 'openrouter', '--base-url', 'http://127.0.0.1:9/api/v1']);
    await page.goto(served.url);
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('combobox', { name: 'Provider' }).selectOption({ label: 'OpenRouter' });
    const field = page.getByLabel('Token', { exact: false }).first();
    await field.focus();
    // As a terminal gives it: wrapped in the middle, with a line break at the end.
    await page.evaluate(
      (text) => {
        const data = new DataTransfer();
        data.setData('text/plain', text);
        document.activeElement?.dispatchEvent(
          new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
        );
      },
      `  ${secret.slice(0, 40)}\n${secret.slice(40)}\n`,
    );
    await expect(page.getByText(/interior whitespace/i).first()).toBeVisible();
    expect(await page.content()).not.toContain(secret.slice(0, 40));
    await photograph(page, 'paste-wrapped');
    await page.getByRole('button', { name: 'Join the lines' }).click();
    await expect(page.getByText(/interior whitespace/i)).toHaveCount(0);
    await page.getByRole('button', { name: /^(Save|Store)/ }).click();
    await expect(page.getByText(secret.slice(-4))).toBeVisible();
    await expect(page.getByText(/cannot reach .* \(ECONNREFUSED\)/).first()).toBeVisible();
    await expect(page.getByRole('button', { name: /^Check again/ })).toBeVisible();
    await expect(field).toHaveValue('');
    expect(await page.content()).not.toContain(secret);
    await expectAccessible(page);
    await photograph(page, 'credentials');
    const listed = await installation.perch(['credentials', 'list', '--json']);
    expect(JSON.parse(listed.stdout).credentials).toHaveLength(1);
    await page
      .getByRole('button', { name: /Delete/ })
      .first()
      .click();
    await page
      .getByRole('button', { name: /Delete/ })
      .last()
      .click();
    await expect(page.getByText(secret.slice(-4))).toHaveCount(0);
  },
);

test('the one-time link opens the window once', async ({ page, browser, served }) => {
  await page.goto(served.url);
  await expect(page.getByRole('region', { name: 'Connection' })).toBeVisible();
  const stranger = await browser.newContext();
  const second = await stranger.newPage();
  const answer = await second.goto(served.url);
  expect(answer?.status()).toBe(404);
  await stranger.close();
});
