import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { connectCore } from '../fixtures/core-client.ts';
import { argumentLists, filesWith } from '../fixtures/leaks.ts';
import { LONG, ofLongForm } from '../fixtures/long.ts';
import { expect, test } from '../fixtures/test.ts';

test.use({ withAgents: false });

/** Makes the demo agent say the names of its environment. */
const NAMES = '/env';

/** Whether a process of this machine was given this, as the kernel says. Outputs of an agent are masked. */
function isGiven(assignment: string): boolean {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(assignment);
      } catch {
        return false; // gone meanwhile, or another user's
      }
    });
}

test('a session gets a plain and a secret variable, and not a deleted one in the next turn of the conversation', async ({
  installation,
  served,
}) => {
  test.setTimeout(180_000);
  const secret = `canary-${randomUUID()}`;
  const plain = `plain-${randomUUID()}`;
  expect(served.pid).toBeGreaterThan(0);
  expect((await installation.perch(['variables', 'set', 'MY_SECRET', '--secret'], { input: secret })).status).toBe(0);
  expect((await installation.perch(['variables', 'set', 'MY_PLAIN', plain])).status).toBe(0);
  const core = await connectCore(installation.dataDir);
  const frames: string[] = [];
  core.client.onEvent((event) => void frames.push(JSON.stringify(event)));
  const { projectDir } = installation;

  const first = await core.turn({ agentId: 'demo', projectDir, prompt: NAMES });
  expect(first.answer.split('\n')).toEqual(expect.arrayContaining(['MY_PLAIN', 'MY_SECRET']));
  // The agent waits for the next turn.
  expect([isGiven(`MY_PLAIN=${plain}`), isGiven(`MY_SECRET=${secret}`)]).toEqual([true, true]);
  expect(argumentLists()).not.toContain(secret);

  const removed = await installation.perch(['variables', 'remove', 'MY_SECRET']);
  expect(removed.status).toBe(0);
  const { plan } = await core.client.call('environment.plan', { agentId: 'demo', projectDir });
  expect(plan.unset).toEqual([{ name: 'MY_SECRET', reason: 'reason.unset-variable' }]);
  const shown = await installation.perch(['env', '--agent', 'demo']);
  expect(shown.stdout).toMatch(/MY_SECRET.*the next turn removes it/);

  const { sessionId } = first;
  const second = await core.turn({ agentId: 'demo', projectDir, sessionId, prompt: NAMES });
  expect(second.answer.split('\n')).toContain('MY_PLAIN');
  expect(second.answer).not.toContain('MY_SECRET');
  expect([isGiven(`MY_PLAIN=${plain}`), isGiven(`MY_SECRET=${secret}`)]).toEqual([true, false]);
  const logs = await installation.perch(['logs', second.turnId]);
  expect(logs.stdout).toContain('Not set any more, unlike before in this conversation: MY_SECRET');

  expect(filesWith(installation.dataDir, secret)).toEqual([]);
  expect(filesWith(installation.home, secret)).toEqual([]);
  expect(frames.join('\n')).not.toContain(secret);
  // The scans would find a value that is there.
  expect(filesWith(installation.dataDir, plain).length).toBeGreaterThan(0);
  expect(frames.join('\n')).toContain('MY_SECRET');
  core.close();
});

ofLongForm(test)(
  'the window stores, refuses, takes a text apart, and deletes',
  { tag: LONG },
  async ({ page, installation, served }) => {
    const secret = `canary-${randomUUID()}`;
    const received: string[] = [];
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => void received.push(String(payload))));
    await page.goto(served.url);
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('link', { name: 'Environment & secrets' }).click();
    const form = page.getByRole('form', { name: 'Add a variable' });
    const name = form.getByLabel('Name', { exact: true });
    const save = form.getByRole('button', { name: 'Save variable' });
    await expect(page.getByText('No variable is stored here yet.')).toBeVisible();

    await name.fill('LD_PRELOAD');
    await expect(form).toContainText('VARIABLE_RESERVED');
    await expect(save).toBeDisabled();
    await name.fill('ANTHROPIC_BASE_URL');
    await expect(form.getByRole('link', { name: 'Open the settings of providers' })).toBeVisible();
    await name.fill('OPENAI_API_KEY');
    await expect(form).toContainText('This is a credential of OpenAI');

    await name.fill('MY_TOKEN');
    await form.getByLabel('Value', { exact: true }).fill(secret);
    await page.keyboard.press('Enter');
    await expect(form.getByRole('status')).toContainText('Stored: MY_TOKEN');
    const list = page.getByRole('list', { name: 'Variables for all agents' });
    await expect(list).toContainText('MY_TOKEN');
    expect(await page.content()).not.toContain(secret);
    expect(received.join('\n')).not.toContain(secret);
    expect(received.join('\n')).toContain('MY_TOKEN');
    expect(filesWith(installation.dataDir, secret)).toEqual([]);

    await page.getByText('Paste a .env text').click();
    await page.getByLabel('Text of a .env file').fill(`# mine\nREGION="north 7"\nPATH=/tmp\n`);
    await page.getByRole('button', { name: 'Show its variables' }).click();
    await expect(page.getByRole('list', { name: 'Found' })).toContainText('VARIABLE_RESERVED');
    await page.getByRole('checkbox', { name: 'Secret: REGION' }).uncheck();
    await page.getByRole('button', { name: /^Save selected for all agents \(1\)/ }).click();
    await expect(list).toContainText('north 7');
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);

    await page.getByRole('searchbox').fill('north');
    await expect(list).not.toContainText('MY_TOKEN');
    await page.getByRole('searchbox').fill('');
    await page.getByRole('button', { name: 'Delete MY_TOKEN' }).click();
    await expect(page.getByRole('alertdialog')).toContainText('Delete this variable?');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('alertdialog')).toHaveCount(0);
    await page.getByRole('button', { name: 'Delete MY_TOKEN' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await expect(page.getByText('Perch deleted MY_TOKEN.')).toBeVisible();
    await expect(list).not.toContainText('MY_TOKEN');
  },
);
