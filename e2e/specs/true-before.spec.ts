import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxPolicy } from '../../shared/model/sandbox-policy.ts';
import { type FakeProvider, startFakeProvider } from '../fake-providers/server.ts';
import { agentsOnPath } from '../fixtures/installation.ts';
import { isLong, LONG_ONLY } from '../fixtures/long.ts';
import { expect, test } from '../fixtures/test.ts';

/** What the window says of a session before there was one, and of the model once there was. */
const KEY = `sk-ant-${randomUUID()}-good`;
const SAID = { proxy: 'only allowed hosts', shared: 'network shared', none: 'no network' } as const;

interface Told {
  readonly agentId: string;
  readonly name: string;
  readonly command: string;
  readonly providerId: string;
  readonly base: string;
}

const CLAUDE_CODE: Told = {
  agentId: 'claude-code',
  name: 'Claude Code',
  command: 'claude',
  providerId: 'anthropic',
  base: '',
};
const OTHERS: readonly Told[] = [
  { agentId: 'codex', name: 'Codex', command: 'codex', providerId: 'openai', base: '/v1' },
  { agentId: 'opencode', name: 'OpenCode', command: 'opencode', providerId: 'openai', base: '/v1' },
  { agentId: 'gemini', name: 'Gemini CLI', command: 'gemini', providerId: 'google', base: '' },
];

let provider: FakeProvider;
test.beforeEach(async () => {
  provider = await startFakeProvider({ goodKeys: [KEY], knownWord: 'plover' });
});
test.afterEach(() => provider.close());

for (const { agentId, name, command, providerId, base } of [CLAUDE_CODE, ...OTHERS]) {
  test(`${name}: the lines before the first turn are those of its policy, and its model has a name after it`, async ({
    page,
    installation,
    served,
  }) => {
    test.skip(!isLong && agentId !== CLAUDE_CODE.agentId, LONG_ONLY);
    test.skip(!existsSync(join(agentsOnPath, command)), `${command} is not installed below e2e/agents`);
    test.setTimeout(180_000);
    for (const [args, input] of [
      [['providers', 'set', providerId, '--base-url', `${provider.url}${base}`], ''],
      [['credentials', 'set', providerId], KEY],
    ] as const) {
      const done = await installation.perch(args, { input });
      expect(done.status, done.stderr).toBe(0);
    }
    await page.goto(served.url);
    await page.getByRole('button', { name: /Choose agent/ }).click();
    await page
      .getByRole('list', { name: 'Agents' })
      .getByRole('button', { name: new RegExp(name) })
      .click();
    const shown = await installation.perch(['sandbox', 'show', '--agent', agentId, '--json']);
    const { policy } = JSON.parse(shown.stdout) as { policy: SandboxPolicy };
    const protection = page.getByRole('region', { name: 'Protection' });
    await expect(protection).toContainText(SAID[policy.network.kind]);
    // Without one there is nothing to be right or wrong about.
    expect(policy.enforcement).toBe('required');
    expect(policy.network.kind).toBe('proxy');
    const model = page.getByRole('combobox', { name: 'Model' });
    await expect(model).toHaveAttribute('placeholder', 'Your provider’s default');

    await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('What is the word?');
    await page.getByRole('region', { name: 'New conversation' }).getByRole('button', { name: 'Send' }).click();
    const facts = page.getByRole('list', { name: 'About this session' });
    await expect(facts.getByRole('status')).toHaveText('Done', { timeout: 120_000 });
    // The provider was asked for this very model.
    const answered = provider.requests.map((request) => request.model).filter((one) => one !== undefined);
    const told = (await facts.getByText(/\(default\)$/).textContent()) ?? '';
    const named = told.replace(/ \(default\)$/, '').replace(/^.*\//, '');
    // OpenCode has names of its own for a model with an effort: it asks for `gpt-5.6-terra` as `gpt-5.6-terra-pro`.
    expect(answered.some((one) => named === one || named.startsWith(`${one}-`))).toBe(true);
    await page.goBack();
    await expect(model).toHaveAttribute('placeholder', told);
    const listed = await installation.perch(['run', '--agent', agentId, 'What is the word?']);
    expect(listed.stderr).toContain(`Model: ${told.replace(/ \(default\)$/, '')}`);
  });
}
