import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { spawn } from 'node-pty';
import { agentsOnPath, type Installation, root } from '../fixtures/installation.ts';
import { LONG, ofLongForm } from '../fixtures/long.ts';
import { expect, test } from '../fixtures/test.ts';

const TOKEN = `sk-ant-oat01-${'Qx7_canary-Z'.repeat(8).slice(0, 95)}`;
/** Of the token, short enough that no line of a frame hides it. */
const PART = TOKEN.slice(14, 26);

/** Node, under the name of an agent's program: what it is asked for is a script in the folder it starts in. */
function fakeClaude({ dataDir, home, environment }: Installation): void {
  const bin = join(home, 'bin');
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, 'claude'));
  environment.PATH = [bin, '/usr/bin', '/bin'].join(delimiter);
  const folder = join(dataDir, 'agents', 'claude-code', 'login');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'token'), TOKEN);
  writeFileSync(join(folder, 'setup-token'), readFileSync(join(root, 'e2e', 'fake-agents', 'login.cjs')));
}

/** Its sign-in holds once Enter was pressed in it. */
function fakeSignIn({ dataDir }: Installation): void {
  const script = `
    const { existsSync, mkdirSync, writeFileSync } = require('node:fs');
    const folder = process.env.HOME + '/.claude';
    const file = folder + '/.credentials.json';
    if (process.argv[2] === 'status') {
      process.stdout.write(JSON.stringify({ loggedIn: existsSync(file) }, null, 1));
    } else {
      process.stdout.write('Press Enter when the browser is done.');
      process.stdin.once('data', () => {
        mkdirSync(folder, { recursive: true });
        writeFileSync(file, '{}');
        process.exit(0);
      });
    }`;
  writeFileSync(join(dataDir, 'agents', 'claude-code', 'login', 'auth'), script);
}

/** Files with a part of the token, apart from the one that the fake prints it from. */
function filesWithToken(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.endsWith(join('login', 'token')))
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile() && readFileSync(file).includes(PART));
}

test('a token that an agent prints in the window’s terminal is stored, and seen nowhere', async ({
  installation,
  page,
}) => {
  test.setTimeout(120_000);
  fakeClaude(installation);
  const served = await installation.serve();
  const frames: string[] = [];
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => frames.push(String(payload)));
    socket.on('framesent', ({ payload }) => frames.push(String(payload)));
  });
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(served.url);
  await page.goto(`${new URL(page.url()).href.split('#')[0]}#/settings/agents`);
  await page.getByRole('button', { name: 'Make a token: Claude Code' }).click();
  const terminal = page.getByRole('region', { name: 'Terminal: sign-in of Claude Code' });
  await expect(terminal.getByRole('link', { name: 'Open the page of example.org' })).toBeVisible({ timeout: 60_000 });
  await expect(terminal.getByRole('textbox')).toBeFocused();
  await page.keyboard.type('the-code');
  await page.keyboard.press('Enter');
  await expect(terminal.getByText('The printed token is stored as CLAUDE_CODE_OAUTH_TOKEN')).toBeVisible({
    timeout: 60_000,
  });
  await expect(terminal.getByText('sk-ant-oat01-••••').first()).toBeAttached();
  await page.getByRole('button', { name: 'Close the terminal' }).click();
  const { stdout } = await installation.perch(['credentials', 'list', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ credentials: [{ variable: 'CLAUDE_CODE_OAUTH_TOKEN' }] });
  expect(problems).toEqual([]);
  await served.stop();
  expect(frames.join('\n')).toContain('Store it safely.');
  expect(frames.join('\n')).not.toContain(PART);
  expect(stdout).not.toContain(PART);
  expect(filesWithToken(installation.dataDir)).toEqual([]);
  writeFileSync(join(installation.dataDir, 'logs', 'control'), `x${TOKEN}`);
  expect(filesWithToken(installation.dataDir)).toHaveLength(1);
});

ofLongForm(test)(
  'signing in runs at once, and leads back to where the user was once the agent says that it holds',
  {
    tag: LONG,
  },
  async ({ installation, page }) => {
    test.setTimeout(120_000);
    fakeClaude(installation);
    fakeSignIn(installation);
    const served = await installation.serve();
    await page.goto(served.url);
    await page.goto(`${new URL(page.url()).href.split('#')[0]}#/settings/general`);
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    const back = encodeURIComponent('#/settings/general');
    await page.goto(`${new URL(page.url()).href.split('#')[0]}#/sign-in/claude-code?back=${back}`);
    const terminal = page.getByRole('region', { name: 'Terminal: sign-in of Claude Code' });
    await expect(terminal.getByText('Press Enter when the browser is done.').first()).toBeAttached({ timeout: 60_000 });
    await expect(terminal.getByRole('textbox')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).hash, { timeout: 60_000 }).toBe('#/settings/general');
    const { stdout } = await installation.perch(['agents', '--json']);
    const claude = JSON.parse(stdout).agents.find(({ agentId }: { agentId: string }) => agentId === 'claude-code');
    expect(claude.ownLogin.providers).toEqual([{ providerId: 'anthropic', login: { state: 'signed-in' } }]);
  },
);

test('a first prompt waits for the sign-in that its card leads to, and goes on after it', async ({
  installation,
  page,
}) => {
  const adapter = join(agentsOnPath, 'claude-agent-acp');
  test.skip(!existsSync(adapter), 'claude-agent-acp is not installed below e2e/agents');
  test.setTimeout(120_000);
  fakeClaude(installation);
  fakeSignIn(installation);
  symlinkSync(realpathSync(adapter), join(installation.home, 'bin', 'claude-agent-acp'));
  const served = await installation.serve();
  await page.goto(served.url);
  await page.getByRole('button', { name: /^Choose agent/ }).click();
  await page.getByRole('button', { name: /^Claude Code / }).click();
  await expect(page.getByText('You can send now: the prompt waits')).toBeVisible({ timeout: 60_000 });
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('hello');
  await page.keyboard.press('Enter');
  const card = page.getByRole('region', { name: 'Credential needed' });
  await card.getByRole('link', { name: 'Sign in with Claude' }).click();
  const terminal = page.getByRole('region', { name: 'Terminal: sign-in of Claude Code' });
  await expect(terminal.getByText('Press Enter when the browser is done.').first()).toBeAttached({ timeout: 60_000 });
  await page.keyboard.press('Enter');
  // Back in the conversation. The fake can sign in and nothing else: how the turn ends is of no interest.
  await expect(page.getByText('The turn continued with the new credential.')).toBeVisible({ timeout: 60_000 });
  await expect.poll(() => new URL(page.url()).hash).toMatch(/^#\/session\//);
});

ofLongForm(test)(
  'on the command line the user’s terminal is joined to the same one, and the token is withheld there too',
  {
    tag: LONG,
  },
  async ({ installation }) => {
    test.setTimeout(120_000);
    fakeClaude(installation);
    const args = [join(root, 'dist', 'cli.mjs'), 'agents', 'login', 'claude-code', '--way', 'token'];
    const program = spawn(process.execPath, args, {
      cwd: installation.projectDir,
      env: { ...installation.environment },
      cols: 100,
      rows: 30,
    });
    let output = '';
    let wasAsked = false;
    program.onData((text) => {
      output += text;
      if (wasAsked || !output.includes('Paste the code here')) return;
      wasAsked = true;
      program.write('the-code\r');
    });
    const exitCode = await new Promise((resolve) => program.onExit((exit) => resolve(exit.exitCode)));
    expect(output).toContain('The printed token is stored as CLAUDE_CODE_OAUTH_TOKEN');
    expect(exitCode).toBe(0);
    expect(output).toContain('sk-ant-oat01-••••');
    expect(output).not.toContain(PART);
    expect(filesWithToken(installation.dataDir)).toEqual([]);
  },
);
