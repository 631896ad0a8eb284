import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type FakeProvider, startFakeProvider } from '../fake-providers/server.ts';
import { type CoreClient, connectCore } from '../fixtures/core-client.ts';
import { agentsOnPath } from '../fixtures/installation.ts';
import { LONG, ofLongForm } from '../fixtures/long.ts';
import { openRun } from '../fixtures/open-run.ts';
import { expect, test } from '../fixtures/test.ts';

const KEY = 'sk-proj-0123456789abcdef-good';
const WORD = `PINEAPPLE-${randomUUID().slice(0, 8)}`;
const NO = 'No, and tell Codex what to do differently';
const COMMAND = "printf 'x' > made.txt";
const PROMPT = `CALL_TOOL exec_command ${JSON.stringify({
  cmd: COMMAND,
  sandbox_permissions: 'require_escalated',
  justification: 'Make a file',
})}`;

test.skip(!existsSync(join(agentsOnPath, 'codex')), 'codex is not installed below e2e/agents');
test.setTimeout(240_000);

let provider: FakeProvider;
let core: CoreClient;
test.beforeEach(async ({ installation, served }) => {
  expect(served.pid).toBeGreaterThan(0);
  provider = await startFakeProvider({ goodKeys: [KEY], knownWord: WORD });
  core = await connectCore(installation.dataDir);
  const providerId = 'openai';
  await core.client.call('providers.setBaseUrl', { providerId, baseUrl: `${provider.url}/v1` });
  await core.client.call('credentials.set', { providerId, scope: { kind: 'global' }, value: KEY, storage: 'keychain' });
});
test.afterEach(async () => {
  core.close();
  await provider.close();
});

ofLongForm(test)(
  'a command of Codex that the user declines ends its turn, is told as declined everywhere, and the conversation goes on',
  { tag: LONG },
  async ({ page, installation, served }) => {
    const { projectDir } = installation;
    const made = join(projectDir, 'made.txt');
    const turnId = randomUUID();
    const { turn } = await core.client.call('turns.submit', { turnId, agentId: 'codex', projectDir, prompt: PROMPT });
    await page.goto(served.url);
    await page.goto(`${page.url().split('#')[0]}#/session/${turnId}`);
    const card = page.getByRole('region', { name: 'Permission' });
    await expect(card).toContainText(COMMAND, { timeout: 90_000 });
    await card.getByRole('button', { name: NO }).click();
    await expect(card).toHaveCount(0);
    const article = page.getByRole('article').last();
    await expect(article.getByText(/^You declined “.+”, and Codex ended this turn\.$/)).toBeVisible();
    await expect(page.locator('body')).not.toContainText('You cancelled');
    await expect(page.getByRole('region', { name: 'Failure' })).toHaveCount(0);
    expect(existsSync(made)).toBe(false);

    const log = await installation.perch(['logs', turnId]);
    expect(log.status, log.stderr).toBe(0);
    expect(log.stdout).toMatch(/ info +turn: The user declined ".+", and the agent ended the turn$/m);
    expect(log.stdout).not.toContain('The turn was cancelled');
    // Nothing failed, so no line of the log carries a cause.
    expect(log.stdout).not.toMatch(/^>/m);

    const run = openRun(installation, ['run', '--agent', 'codex', PROMPT], { NO_COLOR: '1' });
    const asked = (await run.until('Answer (1–')).replaceAll('\r\n', '\n');
    const number = [...asked.matchAll(/^ {2}(\d) {2}(.*)$/gm)].find(([, , name]) => name === NO)?.[1];
    run.type(`${number}\r`);
    expect(await run.exited).toBe(1);
    const told = run.output().replaceAll('\r\n', '');
    expect(told).toMatch(/You declined “.+”, and the agent ended the turn\./);
    expect(told).not.toMatch(/cancelled/i);
    expect(existsSync(made)).toBe(false);

    // Positive control: the same command in the same conversation, once it is allowed.
    const { sessionId } = turn;
    const next = await core.turn({ agentId: 'codex', projectDir, prompt: PROMPT, sessionId, permission: 'allow_once' });
    expect(next.outcome).toMatchObject({ outcome: 'completed' });
    expect(existsSync(made)).toBe(true);
  },
);
