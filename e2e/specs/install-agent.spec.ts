import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FakeProvider, startFakeProvider } from '../fake-providers/server.ts';
import { type FakePackage, type FakeRegistry, startFakeRegistry } from '../fake-registry/server.ts';
import { connectCore } from '../fixtures/core-client.ts';
import { createInstallation, type Installation } from '../fixtures/installation.ts';
import { hasKeyring, keyringPrograms } from '../fixtures/keyring.ts';
import { LONG, ofLongForm } from '../fixtures/long.ts';
import { expect, test } from '../fixtures/test.ts';

const KEY = 'AIzaSyA-canary-key-of-the-installed-agent';

/** An agent that answers without asking anybody. */
const PROGRAM = `
  import { createInterface } from 'node:readline';
  const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n');
  const answers = {
    initialize: { protocolVersion: 1, agentCapabilities: {} },
    'session/new': {
      sessionId: 'installed',
      modes: { currentModeId: 'default', availableModes: ['default', 'plan', 'yolo'].map((id) => ({ id, name: id })) },
    },
    'session/prompt': { stopReason: 'end_turn' },
  };
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      const { id, method } = JSON.parse(line);
      const text = 'I was installed and started with ' + process.argv.slice(2).join(' ');
      const update = { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } };
      if (method === 'session/prompt') send({ method: 'session/update', params: { sessionId: 'installed', update } });
      if (id !== undefined) send({ id, result: answers[method] ?? {} });
    })
    .on('close', () => process.exit(0));`;
/** Under the name of a real agent's package. A script that is run fails the installation. */
const AGENT: FakePackage = {
  name: '@google/gemini-cli',
  version: '0.61.0',
  manifest: { type: 'module', scripts: { postinstall: 'node -e "process.exit(1)"' }, hasInstallScript: true },
  files: { 'bundle/gemini.js': PROGRAM },
};
/** Of the ACP registry that comes along. */
const OTHER: FakePackage = {
  name: '@qwen-code/qwen-code',
  version: '0.24.4',
  manifest: { type: 'module', bin: { qwen: 'cli-entry.js' } },
  files: { 'cli-entry.js': PROGRAM },
};

test.describe('an agent that is not on this machine', () => {
  test.describe.configure({ timeout: 180_000 });
  test.skip(!hasKeyring, `needs ${keyringPrograms.join(' and ')}`);

  let registry: FakeRegistry;
  let provider: FakeProvider;
  let installation: Installation;

  test.beforeEach(async () => {
    registry = await startFakeRegistry();
    registry.publish(AGENT, OTHER);
    provider = await startFakeProvider({ goodKeys: [KEY], knownWord: 'unused' });
    installation = await createInstallation({ keyring: 'unlocked' });
    writeFileSync(join(installation.home, '.npmrc'), `registry=${registry.url}/\n`);
  });
  test.afterEach(async () => {
    await installation.dispose();
    await provider.close();
    await registry.close();
  });

  test('is installed on a click, runs a turn, and goes when it is told to', async ({ page }) => {
    const served = await installation.serve();
    const core = await connectCore(installation.dataDir);
    const { agents } = await core.client.call('agents.refresh', {});
    const before = agents.find(({ agentId }) => agentId === 'gemini');
    test.skip(before?.installation.state !== 'missing', 'Gemini CLI is installed on this machine');

    await page.goto(served.url);
    await page.goto(`${new URL(page.url()).href.split('#')[0]}#/settings/agents`);
    await page.getByRole('button', { name: 'Install: Gemini CLI' }).click();
    await expect(page.getByText('Gemini CLI 0.61.0 is installed.')).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText(/Installed by Perch/)).toBeVisible();

    const scope = { kind: 'global' } as const;
    await core.client.call('providers.setBaseUrl', { providerId: 'google', baseUrl: provider.url });
    await core.client.call('credentials.set', { providerId: 'google', scope, value: KEY, storage: 'keychain' });
    const { projectDir } = installation;
    const turn = await core.turn({ agentId: 'gemini', projectDir, prompt: 'Who are you?' });
    expect(turn).toMatchObject({ outcome: { outcome: 'completed' }, answer: 'I was installed and started with --acp' });

    await page.getByRole('button', { name: 'Uninstall Gemini CLI' }).click();
    const question = page.getByRole('alertdialog');
    await expect(question.getByRole('button', { name: 'Keep' })).toBeFocused();
    await question.getByRole('button', { name: 'Uninstall' }).click();
    await expect(page.getByRole('button', { name: 'Install: Gemini CLI' })).toBeVisible({ timeout: 30_000 });
    expect(existsSync(join(installation.dataDir, 'agents/gemini/program'))).toBe(false);
    core.close();
    await served.stop();
  });

  ofLongForm(test)('on the command line: refused, then installed, shown and removed', { tag: LONG }, async () => {
    const found = JSON.parse((await installation.perch(['agents', 'show', 'gemini', '--json'])).stdout);
    test.skip(found.agent.installation.state !== 'missing', 'Gemini CLI is installed on this machine');

    registry.refuse(403);
    const refused = await installation.perch(['agents', 'install', 'gemini']);
    expect([refused.status, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain('INSTALL_REFUSED');
    registry.refuse(undefined);

    const installed = await installation.perch(['agents', 'install', 'gemini', '--json']);
    expect([installed.status, JSON.parse(installed.stdout)]).toEqual([0, { agentId: 'gemini', version: '0.61.0' }]);
    const shown = await installation.perch(['agents', 'show', 'gemini']);
    expect(shown.stdout).toMatch(/0\.61\.0 · installed by Perch/);
    const removed = await installation.perch(['agents', 'uninstall', 'gemini', '--yes']);
    expect(removed.status).toBe(0);
    expect(readdirSync(join(installation.dataDir, 'agents/gemini'))).not.toContain('program');
    expect((await installation.perch(['agents', 'uninstall', 'gemini', '--yes'])).stderr).toContain('AGENT_NOT_OURS');
  });

  ofLongForm(test)(
    'one of the ACP registry, which Perch knows nothing else of, is added, installed and run',
    {
      tag: LONG,
    },
    async () => {
      const listed = JSON.parse((await installation.perch(['agents', 'registry', '--json'])).stdout);
      expect(listed.agents).toContainEqual(
        expect.objectContaining({ agentId: 'qwen-code', how: 'package', added: false }),
      );
      const installed = await installation.perch(['agents', 'install', 'qwen-code', '--json']);
      expect([installed.status, JSON.parse(installed.stdout)]).toEqual([
        0,
        { agentId: 'qwen-code', version: '0.24.4' },
      ]);
      const ran = await installation.perch(['run', '--agent', 'qwen-code', 'Who are you?']);
      expect([ran.status, ran.stdout]).toEqual([0, expect.stringContaining('I was installed and started with --acp')]);
      const shown = await installation.perch(['agents', 'show', 'qwen-code']);
      expect(shown.stdout).toContain('Package: @qwen-code/qwen-code@0.24.4');
    },
  );
});
