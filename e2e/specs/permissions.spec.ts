import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { startFakeProvider } from '../fake-providers/server.ts';
import { expectAccessible } from '../fixtures/accessible.ts';
import { connectCore } from '../fixtures/core-client.ts';
import { agentsOnPath, type Installation, root, type Served } from '../fixtures/installation.ts';
import { isLong, LONG, LONG_ONLY, ofLongForm } from '../fixtures/long.ts';
import { openRun } from '../fixtures/open-run.ts';
import { photograph } from '../fixtures/screenshots.ts';
import { expect, test } from '../fixtures/test.ts';

const YES_NO = [
  { optionId: 'yes', name: 'Yes', kind: 'allow_once' },
  { optionId: 'always', name: 'Always', kind: 'allow_always' },
  { optionId: 'no', name: 'No', kind: 'reject_once' },
];
const asking = (rawInput: unknown, more: object = {}) => ({
  toolCall: { toolCallId: 'call', title: 'List files', kind: 'execute', rawInput },
  options: YES_NO,
  ...more,
});

async function withAskingAgent(installation: Installation, served: Served, page: Page) {
  for (const file of ['asking.ts', 'acp.ts']) {
    copyFileSync(join(root, 'e2e', 'fake-agents', file), join(installation.projectDir, file));
  }
  const added = await installation.perch(['agents', 'add', 'asking', '--', 'node', 'asking.ts']);
  expect(added.status, added.stderr).toBe(0);
  const core = await connectCore(installation.dataDir);
  await page.goto(served.url);
  const address = page.url().split('#')[0];
  const submit = async (script: object, sessionId?: string) => {
    const turnId = randomUUID();
    const prompt = JSON.stringify({ asks: [], ...script });
    const own = { turnId, agentId: 'asking', projectDir: installation.projectDir, prompt };
    const { turn } = await core.client.call('turns.submit', sessionId === undefined ? own : { ...own, sessionId });
    return turn;
  };
  return {
    submit,
    /** Starts a turn in which all of this is asked at once, and looks at it. */
    async open(...asks: object[]) {
      const { turnId } = await submit({ asks });
      await page.goto(`${address}#/session/${turnId}`);
    },
    close: () => core.close(),
  };
}

const cards = (page: Page) => page.getByRole('region', { name: 'Permission' });
const answered = (page: Page, text: string) =>
  expect(page.getByRole('log', { name: 'Answer of asking' }).last()).toContainText(`answered: ${text}`);
const keysAnswer = (page: Page) => expect(cards(page).and(page.locator('[data-keys="true"]'))).toHaveCount(1);

test.describe('a permission', () => {
  test.use({ withAgents: false });
  let agent: Awaited<ReturnType<typeof withAskingAgent>>;
  test.beforeEach(async ({ installation, served, page }) => {
    agent = await withAskingAgent(installation, served, page);
  });
  test.afterEach(() => agent.close());

  test('is shown by its lines, with what is not seen as its code; the card has the focus, and keys answer', async ({
    page,
  }) => {
    await agent.open(asking({ command: 'ls \u202efr- \u200b\u001b[2K\nrm -rf ~', cwd: '/p' }));
    await expect(cards(page)).toBeFocused();
    await expect(cards(page).locator('.permission-line')).toHaveText([
      'ls \\u202efr- \\u200b\\u001b[2K',
      'rm -rf ~',
      '/p',
    ]);
    expect(await cards(page).innerHTML()).not.toMatch(/[\u202e\u200b]/);
    await expect(cards(page)).toHaveAccessibleDescription(/List files.*rm -rf ~/s);
    await expectAccessible(page);
    await keysAnswer(page);
    // Neither of them is an answer.
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await expect(cards(page)).not.toBeFocused();
    await page.keyboard.press('Escape');
    await page.keyboard.press('1');
    await expect(page.getByRole('list', { name: 'About this session' }).getByRole('status')).toHaveText(
      'Waiting for you',
    );
    await cards(page).focus();
    await keysAnswer(page);
    await page.keyboard.press('3');
    await answered(page, 'no');
    // What was asked stays there to be read.
    await page.getByText('List files: No').click();
    await expect(page.locator('.permission-past').getByText('rm -rf ~')).toBeVisible();
  });

  ofLongForm(test)('is joined with what was said of its tool call before', { tag: LONG }, async ({ page }) => {
    const earlier = {
      sessionUpdate: 'tool_call',
      toolCallId: 'call',
      title: 'Edit',
      content: [{ type: 'diff', path: '/p/e.md', oldText: 'alpha\n', newText: 'beta\n' }],
    };
    const { turnId } = await agent.submit({
      updates: [earlier],
      asks: [{ toolCall: { toolCallId: 'call' }, options: YES_NO }],
    });
    await page.goto(`${page.url().split('#')[0]}#/session/${turnId}`);
    await expect(cards(page).locator('.permission-line')).toHaveText(['−alpha', '+beta']);
    await cards(page).getByRole('button', { name: 'Always' }).click();
    await answered(page, 'always');
  });

  test('of whatever shape is asked, and not answered with an error; one that says nothing is not for good', async ({
    page,
  }) => {
    await agent.open({ options: [{ optionId: 'odd', name: 'Sure', kind: 'allow_sometimes' }, ...YES_NO] });
    await expect(cards(page)).toContainText('The agent says nothing about this action but its title');
    await expect(cards(page)).toContainText('Not offered: Sure · Always');
    await expect(cards(page).getByRole('button')).toHaveText([/Yes/, /No/]);
    await cards(page).getByRole('button', { name: 'Yes' }).click();
    await answered(page, 'yes');

    await agent.open({ toolCall: 'rm -rf ~', options: [{ optionId: 'odd', name: 'Sure', kind: 'allow_sometimes' }] });
    await expect(cards(page)).toContainText('rm -rf ~');
    await expect(cards(page)).toContainText('Perch does not know whether');
    await cards(page).getByRole('button', { name: 'Sure' }).click();
    await answered(page, 'odd');

    await agent.open({ toolCall: { title: 'x', content: [{ type: 'hologram', of: 'a cat' }] }, options: 7 });
    await expect(cards(page)).toContainText('a cat');
    await cards(page).getByRole('button', { name: 'Refuse' }).click();
    await answered(page, 'cancelled');
  });

  ofLongForm(test)(
    'that is longer than the card is allowed only once it was shown',
    { tag: LONG },
    async ({ page }) => {
      await agent.open(asking({ command: `ls ${'x'.repeat(100_000)}\nrm -rf ~` }));
      await keysAnswer(page);
      await expect(cards(page)).not.toContainText('rm -rf ~');
      await page.keyboard.press('1');
      await cards(page).getByRole('button', { name: 'Yes' }).dispatchEvent('click');
      await expect(cards(page)).toContainText('Show everything before you allow it.');
      await cards(page)
        .getByRole('button', { name: /^Show everything \(\d+ more characters\)/ })
        .click();
      await expect(cards(page)).toContainText('rm -rf ~');
      await cards(page).focus();
      await keysAnswer(page);
      await page.keyboard.press('1');
      await answered(page, 'yes');
    },
  );

  ofLongForm(test)(
    'wraps in a narrow window, whatever its answers are called, and however many there are',
    { tag: LONG },
    async ({ page }) => {
      const options = Array.from({ length: 12 }, (_, at) => ({
        optionId: `o${at}`,
        name: at < 2 ? `Answer ${at} ${at === 0 ? 'x'.repeat(300) : 'git push '.repeat(34)}` : `Answer ${at}`,
        kind: at === 11 ? 'reject_once' : 'allow_always',
      }));
      for (const width of [320, 420, 1280]) {
        await page.setViewportSize({ width, height: 640 });
        await agent.open(asking({ command: `echo ${'y'.repeat(900)}` }, { options }));
        await expect(cards(page).getByRole('button')).toHaveCount(12);
        const wide = await page.evaluate(() =>
          [...document.querySelectorAll('.permission, .permission *, html')]
            .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
            .map((element) => element.outerHTML.slice(0, 80)),
        );
        expect(wide, String(width)).toEqual([]);
        await photograph(page, `permission-many-${width}`);
        await cards(page).getByRole('button', { name: 'Answer 11' }).click();
        await answered(page, 'o11');
      }
    },
  );

  ofLongForm(test)(
    'beside another: each has its own answer, and the focus goes on to the next',
    { tag: LONG },
    async ({ page }) => {
      await agent.open(asking({ command: 'first' }), asking({ command: 'second' }));
      await expect(cards(page)).toHaveCount(2);
      await keysAnswer(page);
      await expect(cards(page).first()).toBeFocused();
      await page.keyboard.press('1');
      await expect(cards(page)).toHaveCount(1);
      await expect(cards(page)).toContainText('second');
      await expect(cards(page)).toBeFocused();
      await keysAnswer(page);
      await page.keyboard.press('3');
      await answered(page, 'yes, no');
    },
  );

  ofLongForm(test)('takes neither the focus nor a key from somebody who is typing', { tag: LONG }, async ({ page }) => {
    const first = await agent.submit({ asks: [] });
    await page.goto(`${page.url().split('#')[0]}#/session/${first.turnId}`);
    await expect(page.getByRole('list', { name: 'About this session' }).getByRole('status')).toHaveText('Done');
    const field = page.getByRole('region', { name: 'Session with asking' }).getByRole('textbox');
    await field.fill('wait ');
    await agent.submit({ asks: [asking({ command: 'ls' })] }, first.sessionId);
    await expect(cards(page)).toBeVisible();
    await page.keyboard.type('12');
    await expect(field).toHaveValue('wait 12');
    await expect(cards(page)).toHaveAttribute('data-keys', 'false');
    await cards(page).getByRole('button', { name: 'No' }).click();
    await answered(page, 'no');
  });
});

const KEY = 'sk-proj-0123456789abcdef-good';
const call = (name: string, input: object) => `CALL_TOOL ${name} ${JSON.stringify(input)}`;
const TWO_LINES = "ls -la && printf 'x'\nrm -rf ./build";

interface Case {
  readonly agentId: string;
  readonly command: string;
  readonly provider: { readonly id: string; readonly path: string; readonly model?: string };
  readonly what: string;
  readonly prompt: (folder: string) => string;
  /** Lines of the card and of the terminal. */
  readonly shown: (folder: string) => readonly string[];
  readonly refusal: string;
}

const OPENAI = { id: 'openai', path: '/v1' };
const ANTHROPIC = { id: 'anthropic', path: '' };
const CASES: readonly Case[] = [
  {
    ...{ agentId: 'codex', command: 'codex', provider: OPENAI, what: 'a command' },
    prompt: () =>
      call('exec_command', {
        cmd: "ls -la && printf 'x'",
        sandbox_permissions: 'require_escalated',
        justification: 'test',
      }),
    shown: (folder) => ["ls -la && printf 'x'", folder],
    refusal: 'No, and tell Codex what to do differently',
  },
  {
    ...{ agentId: 'claude-code', command: 'claude', provider: ANTHROPIC, what: 'a command' },
    prompt: () => call('Bash', { command: TWO_LINES, description: 'List files' }),
    shown: () => [...TWO_LINES.split('\n'), 'List files'],
    refusal: 'No',
  },
  {
    ...{ agentId: 'claude-code', command: 'claude', provider: ANTHROPIC, what: 'an edit' },
    prompt: (folder) => call('Edit', { file_path: join(folder, 'e.md'), old_string: 'alpha', new_string: 'beta' }),
    shown: (folder) => [join(folder, 'e.md'), 'alpha', 'beta'],
    refusal: 'No',
  },
  {
    ...{ agentId: 'gemini', command: 'gemini', provider: { id: 'google', path: '' }, what: 'a new file' },
    prompt: (folder) => call('write_file', { file_path: join(folder, 'g.md'), content: 'one line\ntwo lines\n' }),
    shown: (folder) => [join(folder, 'g.md'), 'one line', 'two lines'],
    refusal: 'Reject',
  },
  {
    ...{ agentId: 'opencode', command: 'opencode', provider: ANTHROPIC, what: 'a command' },
    prompt: () => call('bash', { command: TWO_LINES, description: 'List files' }),
    shown: () => [...TWO_LINES.split('\n'), 'List files'],
    refusal: 'Reject',
  },
  {
    ...{ agentId: 'opencode', command: 'opencode', provider: ANTHROPIC, what: 'an edit' },
    prompt: (folder) => call('edit', { filePath: join(folder, 'e.md'), oldString: 'alpha', newString: 'beta' }),
    shown: (folder) => [join(folder, 'e.md'), 'alpha', 'beta'],
    refusal: 'Reject',
  },
];

/** The kept cases: one for each kind of request, from three of the agents. */
const KEPT: ReadonlySet<string> = new Set(['codex a command', 'claude-code an edit', 'gemini a new file']);

for (const { agentId, command, provider: of, what, prompt, shown, refusal } of CASES) {
  test.describe(() => {
    test.skip(!existsSync(join(agentsOnPath, command)), `${command} is not installed below e2e/agents`);
    test.skip(!isLong && !KEPT.has(`${agentId} ${what}`), LONG_ONLY);
    test(`${agentId} asks for ${what}: all of it is on the card and in the terminal before it is answered`, async ({
      installation,
      served,
      page,
    }) => {
      test.setTimeout(240_000);
      const provider = await startFakeProvider({ goodKeys: [KEY], knownWord: 'PINEAPPLE' });
      const core = await connectCore(installation.dataDir);
      const { projectDir } = installation;
      const file = join(projectDir, 'e.md');
      writeFileSync(file, 'first\nalpha\nlast\n');
      try {
        const scope = { kind: 'global' } as const;
        await core.client.call('providers.setBaseUrl', { providerId: of.id, baseUrl: `${provider.url}${of.path}` });
        await core.client.call('credentials.set', { providerId: of.id, scope, value: KEY, storage: 'keychain' });
        const turnId = randomUUID();
        await core.client.call('turns.submit', { turnId, agentId, projectDir, prompt: prompt(projectDir) });
        await page.setViewportSize({ width: 420, height: 640 });
        await page.goto(served.url);
        await page.goto(`${page.url().split('#')[0]}#/session/${turnId}`);
        await expect(cards(page)).toBeVisible({ timeout: 90_000 });
        for (const line of shown(projectDir)) await expect(cards(page)).toContainText(line);
        const picture = `permission-${agentId}-${what.replaceAll(' ', '-')}.png`;
        await page.screenshot({ path: `test-results/screenshots/${picture}` });
        await keysAnswer(page);
        const names = await cards(page).locator('.permission-answers button').allTextContents();
        await page.keyboard.press(String(names.findIndex((name) => name.endsWith(refusal)) + 1));
        await expect(cards(page)).toHaveCount(0);
        await expect(page.getByText(`: ${refusal}`)).toBeVisible();

        const run = openRun(installation, ['run', '--agent', agentId, prompt(projectDir)], { NO_COLOR: '1' });
        const asked = (await run.until('Answer (1–')).replaceAll('\r\n', '\n');
        const flat = asked.replaceAll('\n', '');
        for (const line of shown(projectDir)) expect(flat).toContain(line);
        const number = /^ {2}(\d) {2}(.*)$/gm;
        const chosen = [...asked.matchAll(number)].find(([, , name]) => name === refusal)?.[1];
        run.type(`${chosen}\r`);
        await run.until('! Answered: ');
        await run.exited;
        expect(readFileSync(file, 'utf8')).toBe('first\nalpha\nlast\n');
      } finally {
        core.close();
        await provider.close();
      }
    });
  });
}
