import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectAccessible } from '../fixtures/accessible.ts';
import { connectCore } from '../fixtures/core-client.ts';
import { createInstallation, type Installation } from '../fixtures/installation.ts';
import { LONG, ofLongForm } from '../fixtures/long.ts';
import { expect, test } from '../fixtures/test.ts';

/** An agent of the project's own, in a few lines: it answers with the variable that the file gives it. */
const PROGRAM = `
import { createInterface } from 'node:readline';
const send = (message) => console.log(JSON.stringify({ jsonrpc: '2.0', ...message }));
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (method === 'initialize') send({ id, result: { protocolVersion: 1, agentCapabilities: {} } });
  if (method === 'session/new') send({ id, result: { sessionId: 's' } });
  if (method !== 'session/prompt') return;
  const text = 'declared says ' + process.env.DEPTH + ' to ' + params.prompt[0].text + ' ' + process.argv[2]
    + (process.env.SERVICE ? ' with ' + process.env.SERVICE.length + process.env.SERVICE.at(-1) : '');
  const update = { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } };
  send({ method: 'session/update', params: { sessionId: params.sessionId, update } });
  send({ id, result: { stopReason: 'end_turn' } });
});
`;
const FILE = `
[agents.reviewer]
name = "Reviewer"
command = ["node", "agent.mjs", "\${HOME}"]
variables = { DEPTH = "3" }

[variables]
DEPTH = "1"
`;

test.describe('agents that a folder declares', () => {
  test.describe.configure({ timeout: 120_000 });
  let installation: Installation;
  const inProject = (name: string) => join(installation.projectDir, name);
  const run = () => installation.perch(['run', '--agent', 'reviewer', 'you']);

  test.beforeEach(async () => {
    installation = await createInstallation({ keyring: 'none' });
    writeFileSync(inProject('agent.mjs'), PROGRAM);
    writeFileSync(inProject('perch.toml'), FILE);
  });
  test.afterEach(() => installation.dispose());

  ofLongForm(test)('run after their folder is trusted, and are gone with the file', { tag: LONG }, async () => {
    const refused = await run();
    expect(refused.status, refused.stderr).toBe(3);
    expect(refused.stderr).toContain('AGENT_UNKNOWN');

    const trusted = await installation.perch(['trust', '--yes']);
    expect(trusted.status, trusted.stderr).toBe(0);
    const ran = await run();
    // The argument is nobody's template, and no shell has seen it.
    // biome-ignore lint/suspicious/noTemplateCurlyInString: that is what is written there
    expect(ran, ran.stderr).toMatchObject({ status: 0, stdout: 'declared says 3 to you ${HOME}\n' });

    const shown = JSON.parse((await installation.perch(['agents', 'show', 'reviewer', '--json'])).stdout);
    expect(shown.agent.origin).toMatchObject({ kind: 'declared', file: inProject('perch.toml') });
    const models = await installation.perch(['agents', 'models', 'reviewer', '--json']);
    expect(models.status, models.stdout).toBe(0);
    const removed = await installation.perch(['agents', 'remove', 'reviewer', '--yes']);
    expect(removed.stderr).toContain('DECLARED_READ_ONLY');
    expect(removed.stderr).toContain(inProject('perch.toml'));

    rmSync(inProject('perch.toml'));
    expect((await run()).stderr).toContain('AGENT_UNKNOWN');
    const left = await installation.perch(['agents', 'list', '--json']);
    expect(left.stdout).not.toContain('reviewer');
  });

  test('get the secrets that the file refers to, and keep them out of everything else', async () => {
    const secret = `canary-${randomUUID()}`;
    const bin = join(installation.home, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'op'), `#!/bin/sh\n[ "$3" = 'op://Work/Service/token' ] && printf %s '${secret}'\n`);
    chmodSync(join(bin, 'op'), 0o755);
    const options = { env: { PATH: `${bin}:/usr/bin:/bin` } };
    writeFileSync(inProject('perch.toml'), `${FILE}\n[secrets]\nSERVICE = "op://Work/Service/token"\n`);
    await installation.perch(['trust', '--yes']);

    const plan = await installation.perch(['env', '--agent', 'reviewer', '--json'], options);
    expect(plan.stdout).toContain('•••• op://Work/Service/token');
    const ran = await installation.perch(['run', '--agent', 'reviewer', 'you'], options);
    expect(ran.stdout, ran.stderr).toContain(` with ${secret.length}${secret.at(-1)}`);
    for (const place of ['perch.db', 'perch.db-wal']) {
      const file = join(installation.dataDir, place);
      if (existsSync(file)) expect(readFileSync(file).includes(secret)).toBe(false);
    }
    expect(plan.stdout + plan.stderr + ran.stdout + ran.stderr).not.toContain(secret);

    writeFileSync(join(bin, 'op'), '#!/bin/sh\nexit 1\n');
    const refused = await installation.perch(['run', '--agent', 'reviewer', 'you'], options);
    expect(refused.status).toBe(3);
    expect(refused.stderr).toContain('REFERENCE_FAILED');
  });

  test('are asked about in the window, answer there, and leave it with the file', async ({ page }) => {
    const { url } = await installation.serve();
    const core = await connectCore(installation.dataDir);
    await core.client.call('settings.update', { patch: { projectDir: installation.projectDir } });
    await page.goto(url);
    const question = page.getByRole('region', { name: 'Do you trust this folder?' });
    await expect(question).toContainText('node agent.mjs', { timeout: 30_000 });
    await expectAccessible(page);
    await question.getByRole('button', { name: 'Trust this folder' }).click();
    await expect(question).toBeHidden({ timeout: 30_000 });

    await page.getByRole('button', { name: /Choose agent/ }).click();
    await page.getByRole('button', { name: /Reviewer.*declared/ }).click();
    await expect(page.getByText(`Declared in ${inProject('perch.toml')}`)).toBeVisible({ timeout: 30_000 });
    const turn = await core.turn({ agentId: 'reviewer', projectDir: installation.projectDir, prompt: 'you' });
    expect(turn.answer).toContain('declared says 3 to you');

    rmSync(inProject('perch.toml'));
    await expect(page.getByRole('button', { name: /Choose agent.*No agent selected/ })).toBeVisible({
      timeout: 30_000,
    });
    await page.getByRole('button', { name: /Choose agent/ }).click();
    await expect(page.getByRole('list', { name: 'Agents' })).not.toContainText('Reviewer');
    core.close();
  });

  ofLongForm(test)(
    'leave a running core when the file changes, and the trust is taken back',
    { tag: LONG },
    async () => {
      await installation.perch(['trust', '--yes']);
      await installation.serve();
      const core = await connectCore(installation.dataDir);
      await core.client.call('settings.update', { patch: { projectDir: installation.projectDir } });
      const listed = async () => {
        const { agents } = await core.client.call('agents.list', { projectDir: installation.projectDir });
        return agents.some(({ agentId }) => agentId === 'reviewer');
      };
      expect(await listed()).toBe(true);
      writeFileSync(inProject('perch.toml'), `${FILE}[`);
      await expect.poll(listed, { timeout: 30_000 }).toBe(false);
      writeFileSync(inProject('perch.toml'), FILE);
      await expect.poll(listed, { timeout: 30_000 }).toBe(true);
      const { declaration } = await core.client.call('declarations.distrust', { projectDir: installation.projectDir });
      expect(declaration?.state).toBe('distrusted');
      expect(await listed()).toBe(false);
      core.close();
    },
  );
});
