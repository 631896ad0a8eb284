import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredRunEvent } from '../../shared/model/run-event.ts';
import { startFakeProvider } from '../fake-providers/server.ts';
import { agentsOnPath, jsonLines } from '../fixtures/installation.ts';
import { isLong, LONG, LONG_ONLY, ofLongForm } from '../fixtures/long.ts';
import { expect, test } from '../fixtures/test.ts';

const isThere = (agentId: string) => existsSync(join(agentsOnPath, agentId));
test.setTimeout(240_000);

for (const { agentId, program, agent, name } of [
  { agentId: 'claude-code', program: 'claude', agent: 'Claude Code', name: 'Claude' },
  { agentId: 'codex', program: 'codex', agent: 'Codex', name: 'ChatGPT' },
]) {
  test.describe(() => {
    test.skip(!isThere(program), `${program} is not installed below e2e/agents`);
    test.skip(!isLong && agentId !== 'codex', LONG_ONLY);
    test(`${agent} without a credential offers its own sign-in beside the key, in the list, the card and the terminal`, async ({
      page,
      installation,
      served,
    }) => {
      await page.goto(served.url);
      await page.getByRole('button', { name: /Choose agent/ }).click();
      const row = page
        .getByRole('listitem')
        .filter({ has: page.getByRole('button', { name: new RegExp(`^${agent} `) }) });
      await expect(row).toContainText('Not signed in', { timeout: 30_000 });
      await expect(row.getByRole('link', { name: `Sign in with ${name}: ${agent}` })).toBeVisible();
      await expect(row.getByRole('link', { name: `Paste key for ${agent}` })).toBeVisible();
      await row.getByRole('button', { name: new RegExp(`^${agent} `) }).click();
      const connection = page.getByRole('region', { name: 'Connection' });
      await expect(connection).toContainText(`${agent} · not signed in`);
      await connection.getByRole('button', { name: 'Paste key' }).click();
      await expect(connection.getByLabel('Token', { exact: true })).toBeFocused();
      await connection.getByRole('link', { name: `Sign in with ${name}` }).click();
      // The program of the agent itself runs, without a step in between.
      await expect(page.getByRole('region', { name: `Terminal: sign-in of ${agent}` })).toBeVisible({
        timeout: 60_000,
      });
      await page.getByRole('link', { name: 'Back' }).click();
      await expect(connection).toContainText(`${agent} · not signed in`);
      const run = await installation.perch(['run', '--agent', agentId, 'hi']);
      expect(run.status).toBe(3);
      expect(run.stderr).toContain(`perch agents login ${agentId}`);
      expect(run.stderr).toContain('perch credentials set');
    });
  });
}

ofLongForm(test)(
  'a second key leaves OpenCode with the provider that it had, and its turn completes there',
  { tag: LONG },
  async ({ installation }) => {
    test.skip(!isThere('opencode'), 'opencode is not installed below e2e/agents');
    const [key, other] = [`sk-or-v1-${randomUUID()}-good`, `sk-proj-${randomUUID()}-other`];
    const word = `PINEAPPLE-${randomUUID().slice(0, 8)}`;
    const first = await startFakeProvider({ goodKeys: [key], knownWord: word });
    const second = await startFakeProvider({ goodKeys: [other], knownWord: 'not this one' });
    try {
      for (const [providerId, { url }] of [
        ['openrouter', first],
        ['openai', second],
      ] as const) {
        await installation.perch(['providers', 'set', providerId, '--base-url', `${url}/v1`]);
      }
      for (const [providerId, input] of [
        ['openrouter', key],
        ['openai', other],
      ] as const) {
        const set = await installation.perch(['credentials', 'set', providerId], { input });
        expect(set.status, set.stderr).toBe(0);
      }
      const run = await installation.perch(['run', '--agent', 'opencode', '--json', 'What is the word?']);
      const events = jsonLines<StoredRunEvent>(run.stdout);
      const answer = events.map(({ event }) => (event.type === 'agent.message' ? event.text : '')).join('');
      expect(answer, run.stderr).toContain(word);
      expect(run.status).toBe(0);
      expect(second.requests.filter(({ method }) => method === 'POST')).toEqual([]);
      const listed = await installation.perch(['agents', '--json']);
      const opencode = JSON.parse(listed.stdout).agents.find((one: { agentId: string }) => one.agentId === 'opencode');
      expect(opencode).toMatchObject({
        readiness: { state: 'ready' },
        effective: { providerId: 'openrouter', by: 'kept' },
      });
    } finally {
      await first.close();
      await second.close();
    }
  },
);

test('a login that the agent has in the terminal is said, and neither read nor used', async ({
  page,
  installation,
}) => {
  test.skip(!isThere('claude'), 'claude is not installed below e2e/agents');
  const folder = join(installation.home, '.claude');
  mkdirSync(folder, { recursive: true });
  const token = `sk-ant-oat01-${randomUUID()}`;
  writeFileSync(join(folder, '.credentials.json'), JSON.stringify({ claudeAiOauth: { accessToken: token } }));
  const served = await installation.serve();
  await page.goto(served.url);
  await page.getByRole('button', { name: /Choose agent/ }).click();
  await page.getByRole('button', { name: /^Claude Code / }).click();
  await expect(page.getByRole('region', { name: 'Connection' })).toContainText(
    'You are signed in in your terminal. Sign in here too, because Perch keeps sign-ins apart.',
    { timeout: 30_000 },
  );
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.locator('summary', { hasText: 'Import…' }).click();
  await page.getByRole('button', { name: 'Search the agents’ own files' }).click();
  await expect(page.getByRole('link', { name: 'Sign in with Claude: Claude Code' })).toBeVisible();
});
