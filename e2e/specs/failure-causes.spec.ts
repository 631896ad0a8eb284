import { randomUUID } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { ErrorCode } from '../../shared/errors/codes.ts';
import type { Behaviour } from '../fake-providers/behaviour.ts';
import { type FakeProvider, nothingListens, startFakeProvider } from '../fake-providers/server.ts';
import { connectCore } from '../fixtures/core-client.ts';
import { agentsOnPath, createInstallation, type Installation, root } from '../fixtures/installation.ts';
import { hasKeyring, keyringPrograms } from '../fixtures/keyring.ts';
import { isLong, LONG, LONG_ONLY, ofLongForm } from '../fixtures/long.ts';
import { expect, test } from '../fixtures/test.ts';

interface RealAgent {
  readonly agentId: string;
  /** Among the agents of the window. */
  readonly name: string;
  readonly command: string;
  readonly providerId: string;
  readonly basePath: string;
  /** Without a model it asks another one first which to take, and repeats that for minutes. */
  readonly model?: string;
}

const AGENTS: readonly RealAgent[] = [
  { agentId: 'claude-code', name: 'Claude Code', command: 'claude', providerId: 'anthropic', basePath: '' },
  { agentId: 'codex', name: 'Codex', command: 'codex', providerId: 'openai', basePath: '/v1' },
  { agentId: 'opencode', name: 'OpenCode', command: 'opencode', providerId: 'openai', basePath: '/v1' },
  {
    agentId: 'gemini',
    name: 'Gemini CLI',
    command: 'gemini',
    providerId: 'google',
    basePath: '',
    model: 'gemini-2.5-flash',
  },
];

interface Way {
  readonly way: string;
  /** Undefined: nothing listens at the provider's address. */
  readonly behaviour: Behaviour | undefined;
  readonly code: ErrorCode;
  /** The first thing that the card offers to do. */
  readonly action: string | RegExp;
  /** Where that leads outside of Perch; the command line says it too. */
  readonly page?: RegExp;
  /** Stands in the marked line of the log. */
  readonly inLog: RegExp;
}

const WAYS: readonly Way[] = [
  {
    way: '401',
    behaviour: 'rejected',
    code: 'BYOK_CREDENTIAL_INVALID',
    action: 'Fix credential',
    inLog: /BYOK_CREDENTIAL_INVALID|api.?key|401/i,
  },
  { way: '403', behaviour: 'forbidden', code: 'MODEL_UNAVAILABLE', action: 'Choose another model', inLog: /model/i },
  {
    way: '429',
    behaviour: 'rate-limited',
    code: 'PROVIDER_RATE_LIMITED',
    action: /^Retry/,
    inLog: /rate.?limit|429|quota/i,
  },
  {
    way: 'quota',
    behaviour: 'no-credit',
    code: 'PROVIDER_NO_CREDIT',
    action: /^Add credit at /,
    page: /^https:\/\/[\w.]+\/.*billing/,
    inLog: /credit|quota/i,
  },
  { way: '500', behaviour: 'server-error', code: 'PROVIDER_SERVER_ERROR', action: 'Retry', inLog: /error/i },
  { way: '529', behaviour: 'overloaded', code: 'PROVIDER_OVERLOADED', action: 'Retry', inLog: /overloaded|capacity/i },
  {
    way: 'dropped',
    behaviour: 'cut',
    code: 'PROVIDER_CONNECTION_LOST',
    action: 'Retry',
    inLog: /PROVIDER_CONNECTION_LOST|connection|network|stream/i,
  },
  {
    way: 'truncated',
    behaviour: 'truncated',
    code: 'PROVIDER_CONNECTION_LOST',
    action: 'Retry',
    inLog: /PROVIDER_CONNECTION_LOST|connection|stream/i,
  },
  {
    way: 'refused',
    behaviour: undefined,
    code: 'PROVIDER_UNREACHABLE',
    action: 'Check connection',
    inLog: /PROVIDER_UNREACHABLE|cannot be reached/,
  },
  { way: 'hang', behaviour: 'hang', code: 'TURN_TIMEOUT', action: 'Retry', inLog: /TURN_TIMEOUT/ },
  {
    way: 'context too long',
    behaviour: 'context-too-long',
    code: 'CONTEXT_TOO_LONG',
    action: 'Retry in a new conversation',
    inLog: /context|too long|token/i,
  },
];

/** Each agent once, each with another cause; the whole product takes half an hour. */
const SHORT: ReadonlySet<string> = new Set([
  'claude-code 429',
  'gemini quota',
  'codex 500',
  // Its own way: it takes the half for an answer that goes on, and would ask without end.
  'opencode truncated',
]);
/** Cells that an agent leaves nothing to see of: Perch gets no word of the failure over ACP, nor on stderr. */
const UNSEEN: Readonly<Record<string, string>> = {
  'gemini truncated': 'Gemini CLI takes the half that came for the whole answer, and ends its turn as completed',
};

/** Milliseconds without a sign of life after which a turn is over: the real limits are minutes. */
const SILENCE_MS = 20_000;
const KEY = `sk-proj-${randomUUID()}-good`;
/** Only the fake provider knows it: it is in its errors too, so that an error which is taken for an answer shows. */
const WORD = `PINEAPPLE-${randomUUID().slice(0, 8)}`;

test.use({ actionTimeout: 15_000 });

let programs: string;
let provider: FakeProvider;
let installation: Installation;

test.beforeAll(async () => {
  test.skip(!hasKeyring, `needs ${keyringPrograms.join(' and ')}`);
  programs = realpathSync(mkdtempSync(join(tmpdir(), 'perch-causes-')));
  cpSync(join(root, 'dist'), join(programs, 'dist'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(programs, 'node_modules'));
  cpSync(join(root, 'package.json'), join(programs, 'package.json'));
  cpSync(join(root, 'resources'), join(programs, 'resources'), { recursive: true });
  for (const name of readdirSync(join(programs, 'resources', 'agents')))
    shorten(join(programs, 'resources', 'agents', name));
  provider = await startFakeProvider({ goodKeys: [KEY], knownWord: WORD, retryAfter: 2 });
});
test.afterAll(async () => {
  await provider?.close();
  if (programs !== undefined) rmSync(programs, { recursive: true, force: true });
});

function shorten(file: string): void {
  const agent = JSON.parse(readFileSync(file, 'utf8')) as { limits: { silence: number } };
  agent.limits.silence = SILENCE_MS;
  writeFileSync(file, JSON.stringify(agent));
}

test.beforeEach(async () => {
  installation = await createInstallation({
    keyring: 'unlocked',
    withAgents: true,
    programsDir: join(programs, 'dist'),
  });
});
test.afterEach(() => installation?.dispose());

/** Through the host that serves: a command without one would start and end a core of its own each time. */
async function connect({ providerId, basePath, agentId }: RealAgent, address: string): Promise<void> {
  const { client, close } = await connectCore(installation.dataDir);
  const scope = { kind: 'global' } as const;
  await client.call('providers.setBaseUrl', { providerId, baseUrl: `${address}${basePath}` });
  await client.call('credentials.set', { providerId, scope, value: KEY, storage: 'keychain' });
  await client.call('agents.configure', { agentId, settings: { auth: { mode: 'byo', providerId } } });
  close();
}

const addressFor = async ({ behaviour }: Way) => (behaviour === undefined ? await nothingListens() : provider.url);
const promptFor = ({ behaviour }: Way) => (behaviour === undefined ? 'What is the word?' : `FAIL: ${behaviour}`);
const MARKED = /^> .*$/m;

for (const agent of AGENTS) {
  for (const way of WAYS) {
    const pair = `${agent.agentId} ${way.way}`;
    test.describe(pair, () => {
      test.setTimeout(300_000);
      test.skip(!existsSync(join(agentsOnPath, agent.command)), `${agent.command} is not installed below e2e/agents`);
      test.skip(pair in UNSEEN, UNSEEN[pair]);
      test.skip(!isLong && !SHORT.has(pair), LONG_ONLY);

      test('the command line and the window name the cause, mark its line and offer what helps', async ({ page }) => {
        const served = await installation.serve();
        await connect(agent, await addressFor(way));
        const model = agent.model === undefined ? [] : ['--model', agent.model];
        const run = await installation.perch(['run', '--agent', agent.agentId, ...model, promptFor(way)]);
        expect(run.status, run.stderr).toBe(1);
        expect(run.stderr).toContain(`(${way.code})`);
        // The answer alone goes to stdout: an error is none, whatever it is dressed as.
        expect(run.stdout).not.toMatch(/error|limit|credit|quota|denied|invalid|exceed|too long|capacity/i);
        const turnId = /perch logs ([\w-]+)/.exec(run.stderr)?.[1] ?? '';
        const log = await installation.perch(['logs', turnId]);
        expect(MARKED.exec(log.stdout)?.[0], log.stdout).toMatch(way.inLog);

        await page.goto(served.url);
        await expect(page.getByRole('heading', { name: 'Perch' })).toBeVisible();
        await page.evaluate((to) => {
          window.location.hash = to;
        }, `#/session/${turnId}`);
        const card = page.getByRole('region', { name: 'Failure' });
        await expect(card.locator('code').first()).toHaveText(way.code);
        await expect(card.getByRole('heading')).not.toHaveText('This turn failed');
        const action = card.locator('.row > *').first();
        await expect(action).toHaveText(way.action);
        if (way.page !== undefined) {
          const address = await action.getAttribute('href');
          expect(address).toMatch(way.page);
          expect(run.stderr).toContain(`Add credit: ${address}`);
        }
        await card.getByRole('link', { name: 'Open log' }).click();
        const marked = page.getByRole('region', { name: 'Log lines' }).locator('[aria-current="true"]');
        await expect(marked).toHaveText(way.inLog);
        await served.stop();
      });
    });
  }
}

async function ask(page: Page, url: string, { name }: RealAgent, prompt: string): Promise<void> {
  await page.goto(url);
  await page.getByRole('button', { name: /^Choose agent/ }).click();
  await page
    .getByRole('list', { name: 'Agents' })
    .getByRole('button', { name: new RegExp(name) })
    .click();
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill(prompt);
  const send = page.getByRole('region', { name: 'New conversation' }).getByRole('button', { name: 'Send' });
  await expect(send).toBeEnabled({ timeout: 60_000 });
  await send.click();
}

ofLongForm(test)(
  'another try after a failed turn sends the same prompt, and succeeds',
  { tag: LONG },
  async ({ page }) => {
    test.setTimeout(240_000);
    const agent = AGENTS[1] as RealAgent;
    test.skip(!existsSync(join(agentsOnPath, agent.command)), `${agent.command} is not installed below e2e/agents`);
    const behaviours: Record<string, Behaviour> = { [KEY]: 'overloaded' };
    const moody = await startFakeProvider({ goodKeys: [KEY], knownWord: WORD, behaviours });
    try {
      const served = await installation.serve();
      await connect(agent, moody.url);
      await ask(page, served.url, agent, 'What is the word?');
      const card = page.getByRole('region', { name: 'Failure' });
      await expect(card).toContainText('PROVIDER_OVERLOADED', { timeout: 120_000 });
      await expect(card).not.toContainText('AGENT_REPORTED_ERROR');
      behaviours[KEY] = 'answer';
      await card.getByRole('button', { name: 'Retry' }).click();
      await expect(page.getByText(WORD).last()).toBeVisible({ timeout: 120_000 });
      expect(moody.requests.at(-1)).toMatchObject({ prompt: expect.stringContaining('What is the word?') });
      await served.stop();
    } finally {
      await moody.close();
    }
  },
);
