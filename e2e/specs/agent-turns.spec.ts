import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type FakeProvider, startFakeProvider } from '../fake-providers/server.ts';
import { type CoreClient, connectCore, type FinishedTurn } from '../fixtures/core-client.ts';
import { agentsOnPath, createInstallation, type Installation, type Served } from '../fixtures/installation.ts';
import { hasKeyring, keyringPrograms } from '../fixtures/keyring.ts';
import { isLong, LONG_ONLY } from '../fixtures/long.ts';

interface RealAgent {
  readonly agentId: string;
  readonly command: string;
  readonly providerId: string;
  readonly basePath: string;
  /** Where the provider's default key is kept. */
  readonly variable: string;
  /** Without a model it asks another one first which to take, and repeats that for minutes. */
  readonly failingModel?: string;
  /** What the model calls to run a shell command. */
  readonly shell: (command: string) => string;
}

const AGENTS: readonly RealAgent[] = [
  {
    agentId: 'opencode',
    command: 'opencode',
    providerId: 'openai',
    basePath: '/v1',
    variable: 'OPENAI_API_KEY',
    shell: (command) => `CALL_TOOL bash ${JSON.stringify({ command, description: 'test' })}`,
  },
  {
    agentId: 'codex',
    command: 'codex',
    providerId: 'openai',
    basePath: '/v1',
    variable: 'OPENAI_API_KEY',
    // Inside the working directory Codex asks nobody: what it asks for is to leave its own sandbox.
    shell: (cmd) =>
      `CALL_TOOL exec_command ${JSON.stringify({ cmd, sandbox_permissions: 'require_escalated', justification: 'test' })}`,
  },
  {
    agentId: 'claude-code',
    command: 'claude',
    providerId: 'anthropic',
    basePath: '',
    variable: 'ANTHROPIC_API_KEY',
    shell: (command) => `CALL_TOOL Bash ${JSON.stringify({ command, description: 'test' })}`,
  },
  {
    agentId: 'gemini',
    command: 'gemini',
    providerId: 'google',
    basePath: '',
    variable: 'GEMINI_API_KEY',
    failingModel: 'gemini-2.5-flash',
    shell: (command) => `CALL_TOOL run_shell_command ${JSON.stringify({ command, description: 'test' })}`,
  },
];

/** Only the fake provider knows it. */
const WORD = `PINEAPPLE-${randomUUID().slice(0, 8)}`;
const key = (name: string) => `sk-proj-${randomUUID()}-${name}`;
const KEYS = {
  good: key('good'),
  rejected: key('rejected'),
  limited: key('limited'),
  failing: key('failing'),
  cut: key('cut'),
  hang: key('hang'),
};

/** The cause that each of these keys meets. */
const CODES = {
  limited: 'PROVIDER_RATE_LIMITED',
  failing: 'PROVIDER_SERVER_ERROR',
  cut: 'PROVIDER_CONNECTION_LOST',
} as const;

type Fact =
  | 'answers'
  | 'left alone'
  | keyof typeof CODES
  | 'rejected'
  | 'no key'
  | 'about an error'
  | 'hangs'
  | 'restart'
  | 'allow_once'
  | 'reject_once'
  | 'allow_always';
/**
 * Each fact of the agent that starts fastest, and of each other what is its own: Claude Code and Gemini load their
 * conversations, OpenCode stays. A limit is waited out for most of a minute: `failure-causes.spec.ts` meets one.
 */
const KEPT: Readonly<Record<string, readonly Fact[]>> = {
  codex: [
    'answers',
    'left alone',
    'failing',
    'rejected',
    'no key',
    'about an error',
    'hangs',
    'allow_once',
    'reject_once',
  ],
  'claude-code': ['restart', 'reject_once'],
};

for (const agent of AGENTS) {
  const { agentId, providerId } = agent;
  const check = (fact: Fact, title: string, body: () => Promise<void>) =>
    test.describe(() => {
      test.skip(!isLong && KEPT[agentId]?.includes(fact) !== true, LONG_ONLY);
      test(title, body);
    });
  test.describe(agentId, () => {
    test.describe.configure({ mode: 'serial', timeout: 180_000 });
    test.skip(!existsSync(join(agentsOnPath, agent.command)), `${agent.command} is not installed below e2e/agents`);
    test.skip(!hasKeyring, `needs ${keyringPrograms.join(' and ')}`);

    let provider: FakeProvider;
    let installation: Installation;
    let served: Served;
    let core: CoreClient;

    test.beforeAll(async () => {
      provider = await startFakeProvider({
        goodKeys: Object.values(KEYS),
        knownWord: WORD,
        behaviours: {
          [KEYS.rejected]: 'rejected',
          [KEYS.limited]: 'rate-limited',
          [KEYS.failing]: 'server-error',
          [KEYS.cut]: 'cut',
          [KEYS.hang]: 'hang',
        },
      });
      installation = await createInstallation({ keyring: 'unlocked', withAgents: true });
      served = await installation.serve();
      core = await connectCore(installation.dataDir);
      await core.client.call('providers.setBaseUrl', { providerId, baseUrl: `${provider.url}${agent.basePath}` });
    });
    test.afterAll(async () => {
      core.close();
      await served.stop();
      await installation.dispose();
      await provider.close();
    });

    const use = (name: keyof typeof KEYS) =>
      core.client.call('credentials.set', {
        providerId,
        scope: { kind: 'global' },
        value: KEYS[name],
        storage: 'keychain',
      });
    const ask = (prompt: string, more: Partial<Parameters<CoreClient['turn']>[0]> = {}): Promise<FinishedTurn> =>
      core.turn({ agentId, projectDir: installation.projectDir, prompt, ...more });

    check('answers', 'answers, and goes on in the same session', async () => {
      await use('good');
      const first = await ask('What is the word?');
      expect(first.outcome, JSON.stringify(first.outcome)).toMatchObject({ outcome: 'completed' });
      expect(first.answer).toContain(WORD);
      const second = await ask('And once more?', { sessionId: first.sessionId });
      expect(second.outcome).toMatchObject({ outcome: 'completed' });
      expect(second.answer).toContain(WORD);
      expect(second.sessionId).toBe(first.sessionId);
      expect(provider.requests.filter(({ credential }) => credential === 'wrong')).toEqual([]);
    });

    check('left alone', 'leaves what the user saves between two turns to the user, in the same process', async () => {
      await use('good');
      const { projectDir } = installation;
      const at = (name: string) => join(projectDir, name);
      const names = () => readdirSync(projectDir).sort();
      const first = await ask('What is the word?');
      expect(first.outcome).toMatchObject({ outcome: 'completed' });
      // The session of the test before may be on its way out: nothing of it shows.
      expect(names()).toEqual([]);
      writeFileSync(at('.envrc'), 'mine');
      writeFileSync(at('new'), 'mine');
      renameSync(at('new'), at('.gitconfig'));
      mkdirSync(at('.vscode'));
      writeFileSync(at('.vscode/settings.json'), 'mine');
      const mine = names();
      const turns = [first];
      for (const _ of [1, 2]) {
        const turn = await ask('And once more?', { sessionId: first.sessionId });
        expect(turn.outcome, JSON.stringify(turn.outcome)).toMatchObject({ outcome: 'completed' });
        expect(turn.answer).toContain(WORD);
        expect(names()).toEqual(mine);
        turns.push(turn);
      }
      const told = turns.flatMap(({ events }) => events.map(({ event }) => event));
      const started = told.flatMap((event) => (event.type === 'session.started' ? [event.pid] : []));
      expect(new Set(started).size).toBe(1);
      expect(
        told.filter(
          (event) =>
            event.type === 'file.guarded' ||
            (event.type === 'notice' && /quarantine|restarted|continued/.test(event.key)),
        ),
      ).toEqual([]);
      expect(['.envrc', '.gitconfig', '.vscode/settings.json'].map((name) => readFileSync(at(name), 'utf8'))).toEqual([
        'mine',
        'mine',
        'mine',
      ]);
      for (const name of ['.envrc', '.gitconfig', '.vscode']) rmSync(at(name), { recursive: true });
    });

    for (const name of Object.keys(CODES) as (keyof typeof CODES)[]) {
      check(name, `a ${name} answer is a failed turn, whatever words are in it`, async () => {
        await use(name);
        const turn = await ask(
          'What is the word?',
          agent.failingModel === undefined ? {} : { model: agent.failingModel },
        );
        expect(turn.outcome, JSON.stringify(turn.outcome)).toMatchObject({
          outcome: 'failed',
          failure: { error: { code: CODES[name] } },
        });
      });
    }

    check('rejected', 'a key that its provider no longer takes ends the turn, and is named', async () => {
      await use('rejected');
      const turn = await ask('What is the word?');
      const values = { providerId, variable: agent.variable };
      expect(turn.outcome).toMatchObject({
        outcome: 'failed',
        failure: { error: { code: 'BYOK_CREDENTIAL_INVALID', values } },
      });
      expect(JSON.stringify(turn)).not.toContain(KEYS.rejected);
    });

    check('no key', 'no key at all is refused before anything starts, and named', async () => {
      const { credentials } = await core.client.call('credentials.list', {});
      for (const { credentialId } of credentials) await core.client.call('credentials.remove', { credentialId });
      await expect(ask('What is the word?')).rejects.toMatchObject({ code: 'MISSING_BYOK_CREDENTIAL' });
    });

    check('about an error', 'an answer about an error is an answer', async () => {
      await use('good');
      const about = await ask(
        'SAY: "Agent error" is what you see after "unexpected status 401 Unauthorized", "API Error: 500" or "Invalid API key".',
      );
      expect(about.outcome).toMatchObject({ outcome: 'completed' });
      expect(about.answer).toContain(WORD);
    });

    check('hangs', 'a request that hangs is cancelled within seconds', async () => {
      await use('hang');
      const held = provider.hanging();
      const cancelled = await ask('What is the word?', {
        onEvent: ({ event }, turn) => {
          if (event.type === 'session.started') void held.then(() => turn.cancel());
        },
      });
      expect(cancelled.outcome.outcome).toBe('cancelled');
    });

    check('restart', 'a conversation goes on after a restart of Perch, with what was said before', async () => {
      await use('good');
      const mark = `TOLD-${randomUUID()}`;
      const first = await ask(`Remember ${mark}. What is the word?`);
      expect(first.outcome).toMatchObject({ outcome: 'completed' });
      core.close();
      await served.stop();
      served = await installation.serve();
      core = await connectCore(installation.dataDir);
      const before = provider.requests.length;
      const second = await ask('And once more?', { sessionId: first.sessionId });
      expect(second.outcome, JSON.stringify(second.outcome)).toMatchObject({ outcome: 'completed' });
      expect(second.answer).toContain(WORD);
      const notices = second.events.flatMap(({ event }) => (event.type === 'notice' ? [event.key] : []));
      // Seen of Gemini CLI: started again within the minute, it does not load the conversation. Then that is said.
      const allowed = agentId === 'gemini' ? ['notice.session-continued', 'notice.session-not-continued'] : [];
      const told = notices.find((key) => ['notice.session-continued', ...allowed].includes(key));
      expect(told, notices.join(' ')).toBeDefined();
      // The agent itself told the model what was said before the restart, where it says that it goes on.
      const knows = provider.requests.slice(before).some(({ body }) => body.includes(mark));
      expect(knows).toBe(told === 'notice.session-continued');
    });

    for (const kind of ['allow_once', 'reject_once', 'allow_always'] as const) {
      check(kind, `a command is asked for, and ${kind} is heeded`, async () => {
        await use('good');
        const made = `made-${kind}.txt`;
        const turn = await ask(agent.shell(`echo seen > ${made}`), { permission: kind });
        expect(turn.events.filter(({ event }) => event.type === 'permission.requested')).toHaveLength(1);
        // A refusal is the end of Codex's turn: that is what its option says.
        const end = agentId === 'codex' && kind === 'reject_once' ? 'cancelled' : 'completed';
        expect(turn.outcome.outcome).toBe(end);
        expect(existsSync(join(installation.projectDir, made))).toBe(kind !== 'reject_once');
      });
    }
  });
}
