import { createHash, randomUUID } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { startFakeProvider } from '../fake-providers/server.ts';
import { connectCore } from '../fixtures/core-client.ts';
import { agentsOnPath, type Installation, root } from '../fixtures/installation.ts';
import { argumentLists, filesWith } from '../fixtures/leaks.ts';
import { isLong, LONG, LONG_ONLY, ofLongForm } from '../fixtures/long.ts';
import { expect, test } from '../fixtures/test.ts';

const SECRET = `canary-${randomUUID()}`;
const FINGERPRINT = createHash('sha256').update(SECRET).digest('hex');
const KEY = `sk-proj-${randomUUID()}-good`;
const SERVER = join(root, 'e2e', 'mcp-server');
const REFERENCE = ['TESTER_SECRET', '$', '{MY_SECRET}'];

async function addServer(installation: Installation, place: readonly string[]): Promise<void> {
  const stored = await installation.perch(['variables', 'set', 'MY_SECRET', '--secret'], { input: SECRET });
  expect(stored.status, stored.stderr).toBe(0);
  const [name, ...value] = REFERENCE;
  const added = await installation.perch([
    ...['mcp', 'add', 'tester', ...place, '--env', `${name}=${value.join('')}`, '--read', SERVER],
    ...['--host', 'db.example.com:5432', '--', process.execPath, join(SERVER, 'server.mjs')],
  ]);
  expect(added.status, added.stderr).toBe(0);
}

const AGENTS = [
  { agentId: 'opencode', command: 'opencode', providerId: 'openai', path: '/v1', tool: 'tester_fingerprint' },
  { agentId: 'codex', command: 'codex', providerId: 'openai', path: '/v1', tool: 'mcp__tester:fingerprint' },
  { agentId: 'claude-code', command: 'claude', providerId: 'anthropic', path: '', tool: 'mcp__tester__fingerprint' },
  { agentId: 'gemini', command: 'gemini', providerId: 'google', path: '', tool: 'mcp_tester_fingerprint' },
];

for (const { agentId, command, providerId, path, tool } of AGENTS) {
  test.describe(() => {
    test.skip(!existsSync(join(agentsOnPath, command)), `${command} is not installed below e2e/agents`);
    test.skip(!isLong && agentId !== 'codex', LONG_ONLY);
    test(`${agentId} calls a tool of a server in the sandbox, which has its secret`, async ({
      installation,
      served,
    }) => {
      test.setTimeout(240_000);
      expect(served.pid).toBeGreaterThan(0);
      const provider = await startFakeProvider({ goodKeys: [KEY], knownWord: 'WORD' });
      await addServer(installation, ['--agent', agentId]);
      const core = await connectCore(installation.dataDir);
      await core.client.call('providers.setBaseUrl', { providerId, baseUrl: `${provider.url}${path}` });
      const scope = { kind: 'global' } as const;
      await core.client.call('credentials.set', { providerId, scope, value: KEY, storage: 'keychain' });
      const ask = { agentId, projectDir: installation.projectDir, permission: 'allow_once' } as const;
      const arguments_: string[] = [];
      const onEvent = () => void arguments_.push(argumentLists());

      const first = await core.turn({ ...ask, prompt: 'What is the word?', onEvent });
      expect(first.outcome, JSON.stringify(first.events)).toMatchObject({ outcome: 'completed' });

      const turn = await core.turn({ ...ask, sessionId: first.sessionId, prompt: `CALL_TOOL ${tool} {}`, onEvent });
      expect(turn.outcome, JSON.stringify(turn.events)).toMatchObject({ outcome: 'completed' });
      expect(turn.answer).toContain(FINGERPRINT);

      expect(arguments_.some((text) => text.includes(SECRET))).toBe(false);
      expect(JSON.stringify([...first.events, ...turn.events])).not.toContain(SECRET);
      expect(filesWith(installation.dataDir, SECRET)).toEqual([]);
      expect(filesWith(installation.projectDir, SECRET)).toEqual([]);
      core.close();
      await provider.close();
    });
  });
}

ofLongForm(test)(
  'what a server may reach and read is shown, and goes with it',
  { tag: LONG },
  async ({ installation, served }) => {
    expect(served.pid).toBeGreaterThan(0);
    await addServer(installation, []);
    const shown = () => installation.perch(['sandbox', 'show', '--agent', 'demo']).then(({ stdout }) => stdout);
    expect(await shown()).toMatch(new RegExp(`${SERVER}[\\s\\S]*db\\.example\\.com:5432`));
    expect((await installation.perch(['env', '--agent', 'demo'])).stdout).toMatch(/tester +stdio +/);

    expect((await installation.perch(['mcp', 'disable', 'tester'])).status).toBe(0);
    expect(await shown()).not.toContain('db.example.com');
    expect((await installation.perch(['mcp', 'enable', 'tester'])).status).toBe(0);
    expect((await installation.perch(['variables', 'remove', 'MY_SECRET'])).status).toBe(0);
    expect((await installation.perch(['env', '--agent', 'demo'])).stdout).toContain('no variable MY_SECRET');
    const run = await installation.perch(['run', '--agent', 'demo', '--permissions', 'deny', 'hello']);
    expect(run.stdout + run.stderr).toContain('Perch skipped the MCP server tester');

    expect((await installation.perch(['mcp', 'remove', 'tester'])).status).toBe(0);
    expect((await installation.perch(['mcp', 'list'])).stdout).toContain('There are no MCP servers here');
  },
);

test('the window adds a server, shows it at the prompt, turns it off, and deletes it', async ({
  page,
  installation,
  served,
}) => {
  expect((await installation.perch(['variables', 'set', 'MY_SECRET', '--secret'], { input: SECRET })).status).toBe(0);
  await page.goto(served.url);
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'MCP servers' }).click();
  await page.getByLabel('Name', { exact: true }).fill('tester');
  await page.getByLabel('Command', { exact: true }).fill(process.execPath);
  await page.getByLabel('Arguments, one per line').fill(join(SERVER, 'server.mjs'));
  const [name, ...value] = REFERENCE;
  await page.getByLabel('Environment variables, NAME=VALUE, one per line').fill(`${name}=not-a-reference`);
  await page.getByRole('button', { name: 'Save server' }).click();
  await expect(page.getByText(/TESTER_SECRET looks like a secret/)).toBeVisible();
  await page.getByLabel('Environment variables, NAME=VALUE, one per line').fill(`${name}=${value.join('')}`);
  await page.getByRole('button', { name: 'Save server' }).click();
  await expect(page.getByText(/which no session can read/)).toBeVisible();
  await page.getByLabel('Folders of the server, one per line').fill(SERVER);
  await page.getByRole('button', { name: 'Save server' }).click();
  const on = page.getByRole('switch', { name: 'tester is on' });
  await expect(on).toBeChecked();
  const scan = await new AxeBuilder({ page }).analyze();
  expect(scan.violations).toEqual([]);

  // Beside the settings where there is room for both.
  await page.getByText('What a session will get').click();
  await page.locator('summary', { hasText: /^MCP servers/ }).click();
  await expect(
    page
      .locator('.environment')
      .getByRole('listitem')
      .filter({ hasText: /^tester/ }),
  ).toContainText('server.mjs');
  await on.click();
  await expect(on).not.toBeChecked();
  await page.getByRole('button', { name: 'Remove tester' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(page.getByText('There are no MCP servers.')).toBeVisible();
});

ofLongForm(test)(
  'what the project’s own file describes is offered, and one of it taken over',
  { tag: LONG },
  async ({ page, installation, served }) => {
    const token = `ghp_${randomUUID().replaceAll('-', '')}abcd`;
    const mcpServers = {
      tester: { command: process.execPath, args: ['--version'] },
      leaky: { command: process.execPath, env: { SOME_TOKEN: token } },
    };
    writeFileSync(join(installation.projectDir, '.mcp.json'), JSON.stringify({ mcpServers }));
    const shown = await installation.perch(['mcp', 'import']);
    expect(shown.stdout).toMatch(/tester .*--version[\s\S]*leaky[\s\S]*SOME_TOKEN looks like a secret/);
    expect((await installation.perch(['mcp', 'list'])).stdout).toContain('There are no MCP servers here');
    expect((await installation.perch(['mcp', 'import', 'leaky'])).stderr).toContain('MCP_SECRET_LITERAL');

    const core = await connectCore(installation.dataDir);
    await core.client.call('settings.update', { patch: { projectDir: installation.projectDir } });
    await page.goto(served.url);
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('link', { name: 'MCP servers' }).click();
    const offered = page.getByRole('list', { name: 'Servers in .mcp.json' });
    await expect(offered.getByText(/SOME_TOKEN looks like a secret/)).toBeVisible();
    await expect(page.getByText('There are no MCP servers.')).toBeVisible();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await offered.getByRole('button', { name: 'Import tester' }).press('Enter');
    await expect(page.getByRole('switch', { name: 'tester is on' })).toBeChecked();
    await expect(offered.getByText('A server of that name already exists.')).toBeVisible();
    expect(await page.content()).not.toContain(token);
    expect(filesWith(installation.dataDir, token)).toEqual([]);
    core.close();
  },
);

test('a secret is not taken as a literal, and not repeated', async ({ installation }) => {
  const token = `ghp_${randomUUID().replaceAll('-', '')}abcd`;
  const refused = await installation.perch([
    'mcp',
    'add',
    'x',
    '--url',
    'https://x.example',
    '--header',
    `A: ${token}`,
  ]);
  expect(refused.status).toBe(2);
  expect(refused.stderr).toContain('Perch takes no secret as an argument.');
  expect(refused.stdout + refused.stderr).not.toContain(token);
  // The command line refused it before there was anything to keep it in.
  expect(existsSync(installation.dataDir)).toBe(false);
});
