import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInstallation } from '../fixtures/installation.ts';
import { LONG, ofLongForm } from '../fixtures/long.ts';
import { expect, test } from '../fixtures/test.ts';

const AGENT = `#!/usr/bin/env node
let text = '';
process.stdin.on('data', (data) => {
  text += data;
  for (let end = text.indexOf('\\n'); end >= 0; end = text.indexOf('\\n')) {
    const { id, method } = JSON.parse(text.slice(0, end));
    text = text.slice(end + 1);
    const results = { initialize: { protocolVersion: 1, agentCapabilities: {} }, 'session/new': { sessionId: 's' } };
    if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, result: results[method] ?? {} }));
  }
});
`;

const SCRIPT_ONLY = 'the sandbox hides';

test('an agent that cannot start is added anyway, keeps the warning everywhere, and loses it once it starts', async ({
  page,
}) => {
  test.setTimeout(180_000);
  const own = await createInstallation({ keyring: 'none' });
  const script = join(own.projectDir, 'agent.mjs');
  writeFileSync(script, AGENT);
  chmodSync(script, 0o755);
  const served = await own.serve();
  await page.goto(`${served.url}`);
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'Agents', exact: true }).click();
  await page.getByRole('button', { name: 'Add a custom agent' }).click();
  const form = page.getByRole('form', { name: 'Add a custom agent' });
  await form.getByLabel('Name').fill('Mine');
  await form.getByLabel('Command').fill(`node ${script}`);
  await form.getByRole('button', { name: 'Save agent' }).click();
  await expect(form.getByRole('alert')).toContainText(SCRIPT_ONLY, { timeout: 60_000 });
  await form.getByRole('button', { name: 'Add anyway' }).click();
  const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: /^Mine/ }) });
  await expect(card).toContainText('Cannot start', { timeout: 60_000 });
  await expect(card.getByRole('alert')).toContainText(SCRIPT_ONLY);
  await page.getByRole('link', { name: 'Back' }).click();
  await page.getByRole('button', { name: /^Choose agent/ }).click();
  const row = page.getByRole('listitem').filter({ has: page.getByRole('button', { name: /^Mine / }) });
  await expect(row).toContainText('Cannot start');
  await expect(row).toContainText(SCRIPT_ONLY);

  const refused = await own.perch(['agents', 'add', 'other', '--', 'node', script]);
  expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('With --anyway')]);
  const added = await own.perch(['agents', 'add', 'other', '--anyway', '--', 'node', script]);
  expect(added.status, added.stderr).toBe(0);
  expect(added.stderr).toContain(SCRIPT_ONLY);
  const listed = (await own.perch(['agents'])).stdout;
  for (const id of ['mine', 'other']) {
    expect(listed).toMatch(new RegExp(`^${id} .* cannot start`, 'm'));
    expect(listed).toMatch(new RegExp(`^${id}: .*${SCRIPT_ONLY}`, 'm'));
  }

  // In the folder of the turn the sandbox shows the script: the turn starts, and nothing is in the way any more.
  await own.perch(['run', '--agent', 'other', 'hello']);
  const later = (await own.perch(['agents'])).stdout;
  expect(later).not.toMatch(/^other .* cannot start/m);
  expect(later, 'control').toMatch(/^mine .* cannot start/m);
  await own.dispose();
});

ofLongForm(test)(
  'an own agent is added when it starts in the sandbox, else refused with what is missing',
  {
    tag: LONG,
  },
  async () => {
    test.setTimeout(120_000);
    const own = await createInstallation({ keyring: 'none' });
    const at = (name: string, text: string, mode = 0o755) => {
      const file = join(own.home, name);
      writeFileSync(file, text);
      chmodSync(file, mode);
      return file;
    };
    const add = (id: string, ...command: string[]) => own.perch(['agents', 'add', id, '--', ...command]);
    const script = at('agent.mjs', AGENT);

    const hidden = await add('hidden', 'node', script);
    expect(hidden.stderr).toContain(`needs ${script}, which the sandbox hides`);
    const ending = await add('ending', at('ending.sh', '#!/bin/sh\necho "fatal: no config" >&2\nexit 3\n'));
    expect(ending.stderr).toContain('could not start ending: fatal: no config');
    const gone = await add('gone', 'no-such-command');
    expect(gone.stderr).toContain('on this machine: no-such-command');
    const plain = await add('plain', at('plain.mjs', AGENT, 0o644));
    expect(plain.stderr).toContain('is not executable');
    expect([hidden, ending, gone, plain].map(({ status }) => status)).toEqual([1, 1, 1, 1]);

    const good = await add('good', script);
    expect(good.status, good.stderr).toBe(0);
    const listed = JSON.parse((await own.perch(['agents', '--json'])).stdout).agents;
    const ids = listed.map(({ agentId }: { agentId: string }) => agentId);
    expect(ids).toContain('good');
    for (const id of ['hidden', 'ending', 'gone', 'plain']) expect(ids).not.toContain(id);
    await own.dispose();
  },
);
