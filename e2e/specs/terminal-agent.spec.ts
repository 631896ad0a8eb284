import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../fixtures/accessible.ts';
import { connectCore } from '../fixtures/core-client.ts';
import { root } from '../fixtures/installation.ts';
import { filesWith } from '../fixtures/leaks.ts';
import { LONG, ofLongForm } from '../fixtures/long.ts';
import { openRun } from '../fixtures/open-run.ts';
import { expect, test } from '../fixtures/test.ts';

const SECRET = 'sk-proj-canary-0123456789-abcdefghij-KLMNOPQRST';

test.describe('a program in a terminal, as an agent', () => {
  test.describe.configure({ timeout: 180_000 });
  test.beforeEach(({ installation }) => {
    copyFileSync(join(root, 'e2e', 'fake-agents', 'typed.ts'), join(installation.projectDir, 'typed.ts'));
  });

  /** What is drawn, as one text: a terminal draws each of its lines apart. */
  const shows = (page: Page, text: string) =>
    expect(page.getByRole('region', { name: 'Terminal of Typed' }).getByText(text).first()).toBeAttached({
      timeout: 60_000,
    });
  const say = async (page: Page, line: string) => {
    await page.keyboard.type(line);
    await page.keyboard.press('Enter');
  };

  test('is made, started and typed into in the window; its keys are its own, its secrets nobody’s', async ({
    installation,
    page,
  }) => {
    const served = await installation.serve();
    const core = await connectCore(installation.dataDir);
    await core.client.call('settings.update', { patch: { projectDir: installation.projectDir } });
    await core.client.call('credentials.set', {
      providerId: 'openai',
      scope: { kind: 'global' },
      value: SECRET,
      storage: 'keychain',
    });
    const frames: string[] = [];
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(String(payload))));
    await page.goto(served.url);
    const address = new URL(page.url()).href.split('#')[0];
    await page.goto(`${address}#/settings/agents`);
    await page.getByRole('button', { name: 'Add a custom agent' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Typed');
    await page.getByRole('radio', { name: 'Another program, in a terminal' }).check();
    await page.getByRole('textbox', { name: 'Command' }).fill('node typed.ts');
    await expect(page.getByRole('textbox', { name: 'Model' })).toHaveCount(0);
    await page
      .getByRole('form', { name: 'Add a custom agent' })
      .getByRole('combobox', { name: 'Provider' })
      .selectOption('openai');
    await page.getByRole('button', { name: 'Save agent' }).click();
    await core.client.call('agents.select', { agentId: 'typed' });

    await page.goto(`${address}#/`);
    await expect(page.getByRole('textbox', { name: 'First input' })).toBeVisible();
    await expect(page.getByRole('button', { name: /^Model/ })).toHaveCount(0);
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await shows(page, 'ready in');
    const region = page.getByRole('region', { name: 'Terminal of Typed' });
    await expect(region.getByRole('textbox')).toBeFocused();
    await page.setViewportSize({ width: 1000, height: 700 });
    await shows(page, 'now ');
    await say(page, 'hello there');
    await shows(page, 'you said: hello there');
    await expectAccessible(page);
    // Escape is a key like every other here, and no cancel.
    await page.keyboard.press('Escape');
    await page.keyboard.press('Backspace');
    await say(page, 'show OPENAI_API_KEY');
    await shows(page, 'OPENAI_API_KEY is •••');
    // So is Tab; one key leads out of it.
    await page.keyboard.press('Tab');
    await expect(region.getByRole('textbox')).toBeFocused();
    await page.keyboard.press('Control+]');
    await expect(region.getByRole('textbox')).not.toBeFocused();
    await region.getByRole('textbox').focus();
    await page.keyboard.press('Backspace');
    await say(page, 'lines 200');
    await shows(page, 'line 200 of 200');
    await say(page, 'exit 3');
    await expect(page.getByText('ended with code 3')).toBeVisible({ timeout: 60_000 });
    await expect(region).toHaveCount(0);
    await expect(page.getByText('line 57 of 200')).toBeAttached();

    const conversation = page.getByRole('region', { name: 'Session with Typed' });
    await conversation.getByRole('textbox', { name: 'First input' }).fill('exit 0');
    await conversation.getByRole('button', { name: 'Start', exact: true }).click();
    await expect(page.getByRole('status').filter({ hasText: 'Done' }).first()).toBeVisible({ timeout: 60_000 });

    await conversation.getByRole('button', { name: 'Start', exact: true }).click();
    await shows(page, 'ready in');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect(page.getByRole('status').filter({ hasText: 'Cancelled' }).first()).toBeVisible({ timeout: 60_000 });

    core.close();
    await served.stop();
    expect(frames.join('\n')).toContain('you said: hello there');
    expect(frames.join('\n')).not.toContain(SECRET.slice(10, 30));
    expect(filesWith(installation.dataDir, SECRET)).toEqual([]);
    writeFileSync(join(installation.dataDir, 'control'), SECRET);
    expect(filesWith(installation.dataDir, SECRET)).toHaveLength(1);
  });

  ofLongForm(test)(
    'is joined to the user’s own terminal, with a real shell in its sandbox',
    { tag: LONG },
    async ({ installation }) => {
      const added = await installation.perch(['agents', 'add', 'shell', '--terminal', '--', 'bash', '--norc']);
      expect(added.status, added.stderr).toBe(0);
      const shell = openRun(installation, ['run', '--agent', 'shell']);
      await shell.until('Ctrl+]');
      await shell.until('$ ');
      shell.type('stty size; echo "home is $HOME"; ls /root /home; echo $TERM [$NO_COLOR]; echo $((40 + 2)) done\r');
      const seen = await shell.until('42 done');
      expect(seen).toContain('33 111');
      expect(seen).toContain('home is /home/agent');
      expect(seen).toContain('xterm-256color []');
      shell.type('exit 0\r');
      expect(await shell.exited).toBe(0);
      // Back on the shell's screen its text is there to be read and copied.
      expect(shell.output().split('\u001b[?1049l')[1]).toContain('42 done');

      const stopped = openRun(installation, ['run', '--agent', 'shell', 'echo first $((1 + 1)) words']);
      await stopped.until('first 2 words');
      stopped.type('\u001d');
      expect(await stopped.exited).toBe(1);
      expect(stopped.output()).toContain('cancelled');
    },
  );

  ofLongForm(test)(
    'may be declared by a folder, and answers in a pipe with its text',
    { tag: LONG },
    async ({ installation }) => {
      const file = join(installation.projectDir, 'perch.toml');
      writeFileSync(file, '[agents.typed]\ncommand = ["node", "typed.ts"]\nterminal = true\nmodel = "gpt-5"\n');
      const refused = await installation.perch(['trust', '--yes']);
      expect(refused.stdout + refused.stderr).toContain('Set it in its command or variables');
      writeFileSync(file, '[agents.typed]\ncommand = ["node", "typed.ts"]\nterminal = true\n');
      const trusted = await installation.perch(['trust', '--yes']);
      expect(trusted.status, trusted.stderr).toBe(0);
      const ran = await installation.perch(['run', '--agent', 'typed'], { input: 'show HOME\nexit 0\n' });
      expect(ran.status, ran.stderr).toBe(0);
      expect(ran.stdout).toContain('HOME is /home/agent\n');
      expect(ran.stdout).not.toContain('\u001b');
      const failed = await installation.perch(['run', '--agent', 'typed', 'exit 5', '--json']);
      expect(failed.status).toBe(1);
      const last = JSON.parse(failed.stdout.trim().split('\n').at(-1) ?? '');
      expect(last.event.result.failure).toMatchObject({ error: { code: 'TERMINAL_PROGRAM_FAILED' }, exitCode: 5 });
    },
  );
});
