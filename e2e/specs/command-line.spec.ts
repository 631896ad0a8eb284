import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentView } from '../../shared/model/agent.ts';
import type { CredentialView } from '../../shared/model/credential.ts';
import type { StoredRunEvent } from '../../shared/model/run-event.ts';
import { jsonLines } from '../fixtures/installation.ts';
import { LONG, ofLongForm } from '../fixtures/long.ts';
import { expect, test } from '../fixtures/test.ts';

const answerOf = (events: readonly StoredRunEvent[]): string =>
  events.map(({ event }) => (event.type === 'agent.message' ? event.text : '')).join('');

test('the demo agent answers a prompt, and every event is told once and in order', async ({ installation }) => {
  const run = await installation.perch(['run', '--agent', 'demo', '--permissions', 'deny', '--json', 'hello']);
  expect(run.stderr).toContain('Deny');
  const events = jsonLines<StoredRunEvent>(run.stdout);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(events[0]?.event.type).toBe('turn.accepted');
  expect(events.at(-1)?.event).toMatchObject({ type: 'turn.ended', result: { outcome: 'completed' } });
  expect(answerOf(events)).toMatch(/demo/i);
  expect(run.status).toBe(0);
});

test('the sandbox is enforced, and the network leads through the proxy', async ({ installation }) => {
  const run = await installation.perch(['run', '--agent', 'demo', '--permissions', 'deny', '--json', 'hello']);
  const events = jsonLines<StoredRunEvent>(run.stdout);
  expect(events.map(({ event }) => event)).toContainEqual(
    expect.objectContaining({
      type: 'session.started',
      sandbox: expect.objectContaining({ state: 'enforced', network: 'proxy' }),
    }),
  );
});

test('a permission is refused where nobody can be asked, and given where the command says so', async ({
  installation,
}) => {
  const written = join(installation.projectDir, 'perch-demo.txt');
  expect((await installation.perch(['run', '--agent', 'demo', '--permissions', 'deny', 'hello'])).status).toBe(0);
  expect(existsSync(written)).toBe(false);
  expect((await installation.perch(['run', '--agent', 'demo', '--permissions', 'allow', 'hello'])).status).toBe(0);
  expect(existsSync(written)).toBe(true);
});

test('a turn that fails ends with 1, and its log opens at the failing line', async ({ installation }) => {
  const run = await installation.perch(['run', '--agent', 'demo', '--json', 'please fail']);
  expect(run.status).toBe(1);
  const events = jsonLines<StoredRunEvent>(run.stdout);
  const ended = events.at(-1);
  expect(ended?.event).toMatchObject({ type: 'turn.ended', result: { outcome: 'failed' } });
  const logs = await installation.perch(['logs', ended?.turnId ?? '']);
  expect(logs.status).toBe(0);
  expect(logs.stdout).toMatch(/^> /m);
});

ofLongForm(test)(
  'the logs are listed, searched and shown in the file manager, by the names that the list gives',
  {
    tag: LONG,
  },
  async ({ installation }) => {
    expect((await installation.perch(['run', '--agent', 'demo', '--permissions', 'deny', 'hello'])).status).toBe(0);
    const { logs } = JSON.parse((await installation.perch(['logs', 'list', '--json'])).stdout) as {
      logs: { log: string; bytes: number }[];
    };
    const session = logs.find(({ log }) => log.startsWith('session:'))?.log ?? '';
    expect(logs.map(({ log }) => log)).toContain('runner');
    const shown = async (...args: string[]) => (await installation.perch(['logs', ...args])).stdout;
    const all = await shown('runner', '--since', '1h');
    expect(all).toContain('supervisor');
    expect((await shown('runner', '--lines', '2')).trimEnd().split('\n')).toHaveLength(2);
    expect(await shown('runner', '--grep', 'SUPERVISOR')).toContain('supervisor');
    expect(await shown(session, '--level', 'error')).toBe('');
    const fits = await installation.perch(['logs', session, '--grep', 'no line says this']);
    expect(fits).toMatchObject({ status: 0, stdout: '', stderr: expect.stringContaining(session) });
    const never = await installation.perch(['logs', 'session:00000000-0000-4000-8000-000000000000']);
    expect(never).toMatchObject({ status: 1, stderr: expect.stringContaining('LOG_NOT_FOUND') });
    // No desktop is here to show it: its place is told instead.
    const revealed = await installation.perch(['logs', 'runner', '--reveal']);
    expect(revealed).toMatchObject({ status: 1, stderr: expect.stringContaining('000001.log') });
  },
);

ofLongForm(test)(
  'a log is followed by its filter while another command writes to it',
  { tag: LONG },
  async ({ installation }) => {
    const served = await installation.serve();
    const follower = installation.start(['logs', 'core', '--follow', '--json', '--grep', 'refused-4711']);
    const lines: string[] = [];
    const met = new Promise<void>((resolve) => {
      follower.stdout?.setEncoding('utf8').on('data', (text: string) => {
        lines.push(text);
        resolve();
      });
    });
    await expect.poll(() => existsSync(join(installation.dataDir, 'logs', 'core')), { timeout: 30_000 }).toBe(true);
    const log = join(installation.dataDir, 'logs', 'core', '000001.log');
    const line = (message: string) =>
      `${JSON.stringify({ time: new Date().toISOString(), level: 'info', source: 'test', message })}\n`;
    appendFileSync(log, line('something else'));
    appendFileSync(log, line('it was Refused-4711'));
    await met;
    follower.kill('SIGINT');
    expect(lines.join('')).toContain('Refused-4711');
    expect(lines.join('')).not.toContain('something else');
    await served.stop();
  },
);

test('an error dressed as an answer is a failed turn', async ({ installation }) => {
  const run = await installation.perch(['run', '--agent', 'demo', '/error-text']);
  expect(run.status).toBe(1);
});

ofLongForm(test)(
  'an agent that crashes is a failed turn with its exit code',
  { tag: LONG },
  async ({ installation }) => {
    const run = await installation.perch(['run', '--agent', 'demo', '--json', '/crash']);
    expect(run.status).toBe(1);
    expect(jsonLines<StoredRunEvent>(run.stdout).at(-1)?.event).toMatchObject({
      result: { outcome: 'failed', failure: { error: { code: 'AGENT_EXITED' }, exitCode: 70 } },
    });
  },
);

test('wrong usage ends with 2 and names what was meant', async ({ installation }) => {
  for (const args of [['rnu'], ['run', '--agnet', 'demo', 'x'], ['run', 'hello'], ['credentials', 'set']]) {
    const wrong = await installation.perch(args);
    expect(wrong.status, args.join(' ')).toBe(2);
    expect(wrong.stderr).not.toBe('');
  }
});

test('help and version need nothing', async ({ installation }) => {
  const help = await installation.perch(['--help']);
  expect(help.status).toBe(0);
  for (const command of ['run', 'agents', 'credentials', 'providers', 'env', 'logs', 'serve', 'doctor']) {
    expect(help.stdout).toContain(command);
  }
  const version = await installation.perch(['--version']);
  expect(version.stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/);
});

ofLongForm(test)(
  'every agent is listed, with how to install the missing ones',
  { tag: LONG },
  async ({ installation }) => {
    const listed = await installation.perch(['agents', '--json']);
    const { agents } = JSON.parse(listed.stdout) as { agents: AgentView[] };
    expect(agents.map(({ agentId }) => agentId)).toEqual([
      'demo',
      'opencode',
      'codex',
      'claude-code',
      'gemini',
      'goose',
    ]);
    const state = (agentId: string) => agents.find((agent) => agent.agentId === agentId)?.installation;
    expect(state('demo')).toMatchObject({ state: 'found', source: 'built-in' });
    expect(state('opencode')).toMatchObject({ state: 'found', source: 'path' });
    expect(state('goose')).toMatchObject({ state: 'missing' });
  },
);

test('a credential goes from stdin into the keyring, is shown masked, and goes away again', async ({
  installation,
}) => {
  const secret = `sk-or-v1-${randomUUID().replaceAll('-', '')}${randomUUID().replaceAll('-', '')}`;
  const set = await installation.perch(['credentials', 'set', 'openrouter', '--json'], { input: `  ${secret}\n` });
  expect(set.status, set.stderr).toBe(0);
  expect(JSON.parse(set.stdout)).toMatchObject({ trimmed: true, replaced: false });
  const listed = await installation.perch(['credentials', 'list', '--json']);
  const { credentials } = JSON.parse(listed.stdout) as { credentials: CredentialView[] };
  expect(credentials).toHaveLength(1);
  expect(credentials[0]?.masked.endsWith(secret.slice(-4))).toBe(true);
  for (const output of [set, listed]) expect(output.stdout + output.stderr).not.toContain(secret);
  expect((await installation.perch(['credentials', 'remove', 'openrouter'])).status).toBe(0);
  const after = await installation.perch(['credentials', 'list', '--json']);
  expect(JSON.parse(after.stdout)).toEqual({ credentials: [] });
});

test('a value on the command line is refused', async ({ installation }) => {
  const refused = await installation.perch(['credentials', 'set', 'openai', 'sk-on-the-command-line']);
  expect(refused.status).toBe(2);
  expect(refused.stdout + refused.stderr).not.toContain('sk-on-the-command-line');
});

test('without a credential a session is refused with 3, naming the provider and what it accepts', async ({
  installation,
}) => {
  const refused = await installation.perch(['run', '--agent', 'codex', '--json', 'hello']);
  expect(refused.status).toBe(3);
  const { error } = JSON.parse(refused.stdout) as { error: { code: string; message: string } };
  expect(error.code).toBe('MISSING_BYOK_CREDENTIAL');
  expect(error.message).toContain('OPENAI_API_KEY');
});

ofLongForm(test)('another provider’s key does not open the gate', { tag: LONG }, async ({ installation }) => {
  await installation.perch(['credentials', 'set', 'anthropic'], { input: 'sk-ant-some-key' });
  const refused = await installation.perch(['run', '--agent', 'codex', 'hello']);
  expect(refused.status).toBe(3);
  expect(refused.stderr).toContain('MISSING_BYOK_CREDENTIAL');
});

test('the plan of a session shows names, sources and what was left out, and no secret', async ({ installation }) => {
  const secret = `sk-proj-${randomUUID()}`;
  await installation.perch(['credentials', 'set', 'openai'], { input: secret });
  const shown = await installation.perch(['env', '--agent', 'codex', '--json'], {
    env: { ANTHROPIC_API_KEY: 'exported-in-the-shell', UNRELATED: 'x' },
  });
  expect(shown.status, shown.stderr).toBe(0);
  const { plan } = JSON.parse(shown.stdout);
  expect(plan.set).toContainEqual(
    expect.objectContaining({ name: 'OPENAI_API_KEY', source: 'keychain', secret: true }),
  );
  expect(plan.set).toContainEqual(expect.objectContaining({ name: 'HOME', source: 'perch' }));
  expect(plan.denied).toContainEqual(expect.objectContaining({ name: 'ANTHROPIC_API_KEY' }));
  expect(plan.set.map(({ name }: { name: string }) => name)).not.toContain('UNRELATED');
  expect(shown.stdout).not.toContain(secret);
  expect(shown.stdout).not.toContain('exported-in-the-shell');
});

ofLongForm(test)(
  'an endpoint of one’s own is checked, shown and taken back',
  { tag: LONG },
  async ({ installation }) => {
    const bad = await installation.perch(['providers', 'set', 'openai', '--base-url', 'http://example.com/v1']);
    expect(bad.status).not.toBe(0);
    expect(bad.stderr).toContain('BASE_URL_INVALID');
    expect(
      (await installation.perch(['providers', 'set', 'openai', '--base-url', 'http://127.0.0.1:9/v1'])).status,
    ).toBe(0);
    const listed = await installation.perch(['providers', 'list', '--json']);
    expect(JSON.parse(listed.stdout).providers).toContainEqual(
      expect.objectContaining({ providerId: 'openai', baseUrl: 'http://127.0.0.1:9/v1', baseUrlSource: 'user' }),
    );
    expect((await installation.perch(['providers', 'reset', 'openai'])).status).toBe(0);
  },
);

test('the doctor finds a working keychain and sandbox', async ({ installation }) => {
  const report = await installation.perch(['doctor', '--json']);
  const { checks } = JSON.parse(report.stdout) as { checks: { id: string; status: string }[] };
  expect(checks.length).toBeGreaterThan(5);
  expect(checks.filter(({ status }) => status === 'problem')).toEqual([]);
  expect(report.status).toBe(0);
});

ofLongForm(test)(
  'without a terminal a declined permission is told, and is no success',
  { tag: LONG },
  async ({ installation }) => {
    const run = await installation.perch(['run', '--agent', 'demo', 'What can you do?']);
    expect(run.status).toBe(4);
    expect(run.stderr).toContain('Permissions declined, because there is no terminal to ask on: 1');
  },
);

ofLongForm(test)(
  'help is there by command, by family and of the program that serves',
  { tag: LONG },
  async ({ installation }) => {
    for (const args of [['help'], ['help', 'run'], ['help', 'credentials'], ['serve', '--help'], ['serve', '-h']]) {
      const helped = await installation.perch(args);
      expect(helped.status, args.join(' ')).toBe(0);
      expect(helped.stdout).toContain(`Usage: perch ${args[1] === 'run' || args[1] === 'credentials' ? args[1] : ''}`);
    }
  },
);

test('commands share the core that is already running', async ({ installation }) => {
  const served = await installation.serve();
  const pidOf = () => readFileSync(join(installation.dataDir, 'run', 'core.lock'), 'utf8');
  const before = pidOf();
  const [first, second] = await Promise.all([
    installation.perch(['run', '--agent', 'demo', '--permissions', 'deny', '--json', 'one']),
    installation.perch(['run', '--agent', 'demo', '--permissions', 'deny', '--json', 'two']),
  ]);
  expect([first.status, second.status]).toEqual([0, 0]);
  expect(pidOf()).toBe(before);
  const again = await installation.perch(['serve', '--json']);
  expect(JSON.parse(again.stdout)).toMatchObject({ pid: served.pid });
});
