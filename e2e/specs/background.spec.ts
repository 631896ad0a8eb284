import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { StoredRunEvent } from '../../shared/model/run-event.ts';
import { startFakeProvider } from '../fake-providers/server.ts';
import { expectAccessible } from '../fixtures/accessible.ts';
import { connectCore } from '../fixtures/core-client.ts';
import { agentsOnPath } from '../fixtures/installation.ts';
import { LONG, ofLongForm } from '../fixtures/long.ts';
import { photograph } from '../fixtures/screenshots.ts';
import { expect, test } from '../fixtures/test.ts';

const KEY = 'sk-proj-0123456789abcdef-good';
/** Writes for as long as it is let, and listens. */
const SERVER = `require('node:http').createServer().listen(0, '127.0.0.1');
const fs = require('node:fs');
setInterval(() => fs.appendFileSync('beats', 'x'), 20);
setInterval(() => fs.existsSync('sub/go') && fs.mkdirSync('sub/.vscode', { recursive: true }), 20);
`;
/** Long against the time in which a process that is not stopped writes. */
const A_WHILE_MS = 500;

const AGENTS = [
  {
    ...{ agentId: 'claude-code', command: 'claude', providerId: 'anthropic', path: '' },
    prompt: `CALL_TOOL Bash ${JSON.stringify({ command: 'node server.js', run_in_background: true, description: 'test' })}`,
  },
  {
    ...{ agentId: 'opencode', command: 'opencode', providerId: 'openai', path: '/v1' },
    prompt: `CALL_TOOL bash ${JSON.stringify({ command: 'node server.js >/dev/null 2>&1 &', description: 'test' })}`,
  },
] as const;

const GUARDED = 'Files that would run code on your machine';
const pidIn = (events: readonly StoredRunEvent[]) =>
  events.flatMap(({ event }) => (event.type === 'session.started' ? [event.pid] : []))[0];
const region = (page: Page) => page.getByRole('region', { name: 'In the background' });

for (const { agentId, command, providerId, path, prompt } of AGENTS) {
  const isKept = agentId === 'claude-code';
  const declare = isKept ? test : ofLongForm(test);
  declare(
    `a server that ${agentId} leaves running is listed, kept running, paused and stopped`,
    isKept ? {} : { tag: LONG },
    async ({ installation, served, page }) => {
      test.skip(!existsSync(join(agentsOnPath, command)), `${command} is not installed below e2e/agents`);
      test.setTimeout(180_000);
      const provider = await startFakeProvider({ goodKeys: [KEY], knownWord: 'PINEAPPLE' });
      const core = await connectCore(installation.dataDir);
      const { projectDir } = installation;
      const at = (name: string) => join(projectDir, name);
      const beats = () => (existsSync(at('beats')) ? statSync(at('beats')).size : 0);
      const grows = async () => {
        const before = beats();
        // Only time can show that nothing is written: there is no event of a write that does not come.
        await page.waitForTimeout(A_WHILE_MS);
        return beats() > before;
      };
      writeFileSync(at('server.js'), SERVER);
      try {
        const scope = { kind: 'global' } as const;
        await core.client.call('providers.setBaseUrl', { providerId, baseUrl: `${provider.url}${path}` });
        await core.client.call('credentials.set', { providerId, scope, value: KEY, storage: 'keychain' });
        const { sessionId, events } = await core.turn({ agentId, projectDir, prompt, permission: 'allow_once' });
        const turnId = events[0]?.turnId;
        await page.goto(served.url);
        await page.goto(`${page.url().split('#')[0]}#/session/${turnId}`);
        await expect(region(page).getByText('“node server.js” is paused until the next turn.')).toBeVisible();
        // The list holds the server alone: neither the agent nor a helper of the agent.
        await expect(region(page).getByRole('listitem')).toHaveCount(1);
        expect(await grows()).toBe(false);
        expect(readdirSync(projectDir).filter((name) => !['beats', 'server.js'].includes(name))).toEqual([]);

        await region(page).getByRole('button', { name: 'Keep running' }).click();
        await expect(region(page).getByText('“node server.js” keeps running.')).toBeVisible();
        await expect(region(page)).toContainText(/Meanwhile Perch keeps .* protected in/);
        await expect.poll(grows).toBe(true);
        expect(existsSync(at('.envrc'))).toBe(true);
        // A window that is loaded anew shows the same, because the list is the runner's.
        await page.reload();
        await expect(region(page).getByText('“node server.js” keeps running.')).toBeVisible();
        await expect(region(page)).toContainText(/Port \d+/);
        await expectAccessible(page);
        await photograph(page, `background-${agentId}`);

        // A turn in between changes nothing of that.
        const next = await core.turn({ agentId, projectDir, prompt: 'What is the word?', sessionId });
        expect(pidIn(next.events)).toBe(pidIn(events));
        await expect(region(page)).toHaveCount(1);
        await expect(region(page).getByText('“node server.js” keeps running.')).toBeVisible();
        mkdirSync(at('sub'));
        writeFileSync(at('sub/go'), '');
        await expect.poll(() => existsSync(at('sub/.vscode'))).toBe(true);
        await region(page).getByRole('button', { name: 'Pause' }).click();
        await expect(region(page).getByText('is paused until the next turn.')).toBeVisible();
        expect(await grows()).toBe(false);
        expect(existsSync(at('.envrc'))).toBe(false);
        // A guarded folder that the server made meanwhile is set aside as in a turn, and shown with the last turn.
        const guarded = page.getByRole('region', { name: GUARDED });
        await expect(guarded).toContainText('sub/.vscode');
        await expect(guarded.getByRole('button', { name: /Put back/ })).toBeVisible();
        await photograph(page, `background-aside-${agentId}`);
        rmSync(at('sub'), { recursive: true });

        const listed = await installation.perch(['background', 'list', '--json']);
        const [session] = JSON.parse(listed.stdout).sessions;
        expect(session).toMatchObject({ sessionId, state: 'paused', processes: [{ command: 'node server.js' }] });
        const [pid = ''] = session.processes[0].processId.split('-');
        expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toContain('server.js');
        await region(page).getByRole('button', { name: 'Stop “node server.js”' }).click();
        await expect(region(page)).toHaveCount(0);
        await expect(page.getByText('This turn left “node server.js” running.')).toHaveCount(2);
        expect((await installation.perch(['background', 'list'])).stdout).toContain(
          'There are no background processes.',
        );
        // The session goes on.
        const last = await core.turn({ agentId, projectDir, prompt: 'What is the word?', sessionId });
        expect(last.events.map(({ event }) => event.type)).not.toContain('background.left');
        expect(last.answer).toContain('PINEAPPLE');
      } finally {
        core.close();
        await provider.close();
      }
    },
  );
}
