import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { PositionedLogLine } from '../../shared/model/log-position.ts';
import { launchFakeElectron } from '../fake-electron/launch.ts';
import { type FakeProvider, startFakeProvider } from '../fake-providers/server.ts';
import { type CoreClient, connectCore } from '../fixtures/core-client.ts';
import { agentsOnPath, type Installation, jsonLines, root, type Served } from '../fixtures/installation.ts';
import { isLong, LONG, LONG_ONLY, ofLongForm } from '../fixtures/long.ts';
import { expect, test } from '../fixtures/test.ts';

const key = (name: string) => `sk-proj-${randomUUID()}-${name}`;
const GOOD = key('good');
const FAILING = key('failing');
/** Refused a moment after it was asked about. */
const REVOKED = key('revoked');

const AGENTS = {
  'claude-code': { program: 'claude', providerId: 'anthropic', base: '' },
  codex: { program: 'codex', providerId: 'openai', base: '/v1' },
  gemini: { program: 'gemini', providerId: 'google', base: '' },
  opencode: { program: 'opencode', providerId: 'anthropic', base: '' },
} as const;
type AgentId = keyof typeof AGENTS;

/** `long`: the others repeat one that is kept, and some agents repeat a request for a minute before they give up. */
const FAILURES: readonly { agentId: AgentId; value: string; how: string; cause: RegExp; long?: true }[] = [
  { agentId: 'claude-code', value: FAILING, how: 'a 500', cause: /500|Internal server error/, long: true },
  { agentId: 'claude-code', value: REVOKED, how: 'a 401', cause: /BYOK_CREDENTIAL_INVALID/, long: true },
  {
    agentId: 'codex',
    value: REVOKED,
    how: 'a 401',
    cause: /BYOK_CREDENTIAL_INVALID.*(?:Authentication|401)/,
    long: true,
  },
  { agentId: 'codex', value: FAILING, how: 'a 500', cause: /high demand|500|server/i, long: true },
  { agentId: 'gemini', value: REVOKED, how: 'a 401', cause: /API key not valid/, long: true },
  { agentId: 'gemini', value: FAILING, how: 'a 500', cause: /internal error/i, long: true },
  { agentId: 'opencode', value: REVOKED, how: 'a 401', cause: /invalid x-api-key/, long: true },
  { agentId: 'opencode', value: FAILING, how: 'a 500', cause: /Internal server error/, long: true },
];

let provider: FakeProvider;
let core: CoreClient;
test.beforeEach(async ({ installation, served }) => {
  expect(served.pid).toBeGreaterThan(0);
  provider = await startFakeProvider({
    goodKeys: [GOOD, FAILING],
    listingKeys: [REVOKED],
    knownWord: 'PINEAPPLE',
    behaviours: { [FAILING]: 'server-error' },
  });
  core = await connectCore(installation.dataDir);
});
test.afterEach(async () => {
  core.close();
  await provider.close();
});

async function connect(agentId: AgentId, value: string): Promise<void> {
  const { program, providerId, base } = AGENTS[agentId];
  test.skip(!existsSync(join(agentsOnPath, program)), `${program} is not installed below e2e/agents`);
  await core.client.call('providers.setBaseUrl', { providerId, baseUrl: `${provider.url}${base}` });
  await core.client.call('credentials.set', { providerId, scope: { kind: 'global' }, value, storage: 'keychain' });
}

const markedIn = (page: Page) => page.getByRole('region', { name: 'Log lines' }).locator('li[aria-current="true"]');

async function open(page: Page, served: Served, hash: string): Promise<void> {
  await page.goto(served.url);
  await expect(page.getByRole('heading', { name: 'Perch' })).toBeVisible();
  await goTo(page, hash);
}

async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => {
    window.location.hash = to;
  }, hash);
}

/** The line that `perch logs TURN` marks, with what stands under it. */
async function markedByCommand(installation: Installation, turnId: string): Promise<string> {
  const { status, stdout, stderr } = await installation.perch(['logs', turnId]);
  expect(status, stderr).toBe(0);
  const marked = stdout.split('\n').filter((line) => line.startsWith('>'));
  expect(marked, stdout).toHaveLength(1);
  // Each line has its date.
  expect(marked[0]).toMatch(/^> \d{4}-\d\d-\d\dT/);
  return marked[0] ?? '';
}

for (const { agentId, value, how, cause, long } of FAILURES) {
  test.describe(() => {
    test.skip(!isLong && long === true, LONG_ONLY);
    test(`${agentId}: the log opens at the cause of ${how}, and Back returns to the conversation`, async ({
      page,
      installation,
      served,
    }) => {
      test.setTimeout(240_000);
      await connect(agentId, value);
      const turn = await core.turn({ agentId, projectDir: installation.projectDir, prompt: 'What is the word?' });
      expect(turn.outcome).toMatchObject({ outcome: 'failed' });
      expect(await markedByCommand(installation, turn.turnId)).toMatch(cause);

      await open(page, served, `#/session/${turn.turnId}`);
      const failure = page.getByRole('region', { name: 'Failure' });
      await failure.getByRole('link', { name: 'Open log' }).click();
      await expect(markedIn(page)).toContainText(cause);
      await expect(markedIn(page)).toBeInViewport();
      await expect(page.getByRole('heading', { level: 1, name: /^Log · .* · What is the word\?$/ })).toBeVisible();
      // Perch's own notes on the protocol are for those who ask for them.
      await expect(page.getByText('_auth/status_update')).toHaveCount(0);

      await page.getByRole('button', { name: 'To the failure' }).click();
      await expect(markedIn(page)).toContainText(cause);
      await page.getByRole('link', { name: 'Back', exact: true }).click();
      await expect(failure).toBeVisible();
      await expect(page).toHaveURL(new RegExp(`#/session/${turn.turnId}$`));
      await page.getByRole('link', { name: 'Back', exact: true }).click();
      await expect(page).toHaveURL(/#\/$/);
    });
  });
}

/** Where the tray leads that Perch has as a desktop application with the same data. */
async function trayLeadsTo({ environment }: Installation, ...path: string[]): Promise<string> {
  const electron = launchFakeElectron({ appDir: root, environment });
  try {
    await electron.until('window.show');
    await electron.do({ name: 'tray.menu', path });
    const windows = await electron.do<{ url: string }[]>({ name: 'windows' });
    await electron.do({ name: 'system.shutdown' });
    await electron.exited;
    return new URL(windows.at(-1)?.url ?? '').hash;
  } finally {
    await electron.kill();
  }
}

test('the tray, the card, To the failure and perch logs lead to one line', async ({ page, installation, served }) => {
  test.setTimeout(240_000);
  await connect('claude-code', FAILING);
  const failing = async (): Promise<string> => {
    const { projectDir } = installation;
    const turn = await core.turn({ agentId: 'claude-code', projectDir, prompt: 'What is the word?' });
    expect(turn.outcome).toMatchObject({ outcome: 'failed' });
    return turn.turnId;
  };
  // Of two failures the tray means the newest.
  await failing();
  const turnId = await failing();
  const { stdout } = await installation.perch(['logs', turnId, '--json']);
  const [line, ...others] = jsonLines<PositionedLogLine & { failing?: true }>(stdout).filter((one) => one.failing);
  expect(others).toEqual([]);
  const said = line?.message.split('\n')[0] ?? '';
  expect(said).toMatch(/500|Internal server error/);

  await open(page, served, `#/session/${turnId}`);
  const link = page.getByRole('region', { name: 'Failure' }).getByRole('link', { name: 'Open log' });
  const address = (await link.getAttribute('href')) ?? '';
  expect(address).toContain(`segment=${line?.position.segment}&offset=${line?.position.offset}&`);
  core.close();
  await served.stop();
  expect(await trayLeadsTo(installation, 'Open the log at the failure')).toBe(address);
  expect(await trayLeadsTo(installation, 'Show what failed')).toBe(`#/session/${turnId}`);

  const again = await installation.serve();
  await open(page, again, address);
  await expect(markedIn(page)).toContainText(said);
  await expect(markedIn(page)).toBeInViewport();
  await page.getByRole('button', { name: 'To the failure' }).click();
  await expect(markedIn(page)).toHaveCount(1);
  await expect(markedIn(page)).toContainText(said);
  await again.stop();
});

ofLongForm(test)(
  'turns of Claude Code cost what they cost, however many came before',
  { tag: LONG },
  async ({ installation }) => {
    test.setTimeout(120_000);
    await connect('claude-code', GOOD);
    const amounts: number[] = [];
    let sessionId: string | undefined;
    for (let index = 0; index < 4; index++) {
      const turn = await core.turn({
        agentId: 'claude-code',
        projectDir: installation.projectDir,
        prompt: 'What is the word?',
        ...(sessionId === undefined ? {} : { sessionId }),
      });
      sessionId = turn.sessionId;
      expect(turn.outcome).toMatchObject({ outcome: 'completed' });
      const costs = turn.events.flatMap(({ event }) => (event.type === 'usage' && event.cost ? [event.cost] : []));
      expect(costs.at(-1)).toMatchObject({ currency: 'USD', of: 'turn' });
      amounts.push(costs.at(-1)?.amount ?? 0);
    }
    // Beside its answer Claude Code may ask for a title, in whichever turn: a turn is one request or two. What counts on
    // from turn to turn would end at more than twice of what it began with.
    expect(Math.min(...amounts)).toBeGreaterThan(0);
    expect(Math.max(...amounts), amounts.join()).toBeLessThan(2.1 * Math.min(...amounts));
  },
);

ofLongForm(test)(
  'what Codex asks for by itself is in its log only',
  { tag: LONG },
  async ({ page, installation, served }) => {
    test.setTimeout(120_000);
    await connect('codex', GOOD);
    const turn = await core.turn({
      agentId: 'codex',
      projectDir: installation.projectDir,
      prompt: 'What is the word?',
    });
    expect(turn.outcome).toMatchObject({ outcome: 'completed' });
    expect(turn.events.filter(({ event }) => event.type === 'notice')).toEqual([]);
    const { stdout } = await installation.perch(['logs', `session:${turn.sessionId}`, '--grep', 'was refused']);
    expect(stdout).toMatch(/ debug egress: the host \S*(?:chatgpt|github)\.com:443 was refused/);
    await core.client.call('settings.update', { patch: { selectedAgentId: 'codex' } });
    await open(page, served, '#/');
    await expect(page.getByRole('button', { name: /Choose agent: Codex/ })).toBeVisible();
    await expect(page.getByRole('region', { name: 'Blocked hosts' })).toHaveCount(0);
  },
);

ofLongForm(test)(
  'what a command asked for in vain is one line of its turn, and one of its agent at home',
  { tag: LONG },
  async ({ page, installation, served }) => {
    test.setTimeout(120_000);
    await connect('claude-code', GOOD);
    const command = 'curl -sS https://one.example.org/ https://two.example.org/; true';
    const turn = await core.turn({
      agentId: 'claude-code',
      projectDir: installation.projectDir,
      prompt: `CALL_TOOL Bash ${JSON.stringify({ command, description: 'Ask two hosts' })}`,
      permission: 'allow_once',
    });
    expect(turn.outcome).toMatchObject({ outcome: 'completed' });
    await core.client.call('settings.update', { patch: { selectedAgentId: 'claude-code' } });
    await open(page, served, '#/');
    const line = page.getByRole('region', { name: 'Blocked hosts' });
    await expect(line).toContainText('Perch blocked 2 hosts');
    await line.getByRole('link', { name: 'Show' }).click();
    await page.getByRole('log').getByText('Perch blocked 2 hosts').click();
    await page.getByRole('button', { name: 'Allow for this project one.example.org:443' }).click();
    await expect(page.getByText('Allowed for this project')).toBeVisible();
    await core.client.call('settings.update', { patch: { selectedAgentId: 'codex' } });
    await goTo(page, '#/');
    await expect(page.getByRole('button', { name: /Choose agent: Codex/ })).toBeVisible();
    await expect(line).toHaveCount(0);
  },
);
