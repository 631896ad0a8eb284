import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { unzipSync } from 'fflate';
import { expectAccessible } from '../fixtures/accessible.ts';
import type { Installation } from '../fixtures/installation.ts';
import { LONG, ofLongForm } from '../fixtures/long.ts';
import { expect, test } from '../fixtures/test.ts';

/** Values of no known shape: only who keeps them knows that they are secret. */
const SECRETS = {
  credential: 'winter-canary-credential-0001',
  otherScope: 'winter-canary-of-an-agent-0002',
  variable: 'winter "canary" \\ variable-0003',
} as const;
const PROMPT = 'tell me about the blue teapot';

async function store(installation: Installation): Promise<void> {
  const set = async (args: readonly string[], input: string) =>
    expect(await installation.perch(args, { input })).toMatchObject({ status: 0 });
  await set(['credentials', 'set', 'anthropic', '--variable', 'ANTHROPIC_AUTH_TOKEN'], SECRETS.credential);
  const ofAgent = ['--variable', 'OPENAI_API_KEY', '--scope', 'agent:opencode'];
  await set(['credentials', 'set', 'openai', ...ofAgent], SECRETS.otherScope);
  await set(['variables', 'set', 'MY_OWN', '--secret'], SECRETS.variable);
}

/** All that can be read in a bundle, by the name of the file in it. */
function contentsOf(file: string): Record<string, string> {
  const entries = Object.entries(unzipSync(readFileSync(file)));
  return Object.fromEntries(entries.map(([name, bytes]) => [name, Buffer.from(bytes).toString('utf8')]));
}

function namesWith(contents: Record<string, string>, text: string): string[] {
  const forms = [text, JSON.stringify(text).slice(1, -1), Buffer.from(text).toString('base64').slice(0, -4)];
  return Object.entries(contents).flatMap(([name, body]) => (forms.some((form) => body.includes(form)) ? [name] : []));
}

/** Puts the secrets where no source of them would: a bundle has to mask them all the same. */
function plantInLogs(installation: Installation): void {
  const line = (message: string) =>
    `${JSON.stringify({ time: new Date().toISOString(), level: 'info', source: 'planted', message })}\n`;
  const all = Object.values(SECRETS);
  writeFileSync(join(installation.dataDir, 'logs', 'runner', '000001.log'), all.map(line).join(''), { flag: 'a' });
}

ofLongForm(test)(
  'a bundle lists what is in it, and holds no secret that Perch knows',
  { tag: LONG },
  async ({ installation }) => {
    await store(installation);
    expect((await installation.perch(['run', '--agent', 'demo', '--permissions', 'deny', PROMPT])).status).toBe(0);
    plantInLogs(installation);

    const listed = await installation.perch(['diagnostics', '--list']);
    expect(listed).toMatchObject({ status: 0, stderr: '' });
    for (const name of ['versions.json', 'doctor.json', 'connection.json', 'database.json', 'logs/runner.jsonl']) {
      expect(listed.stdout).toContain(name);
    }
    expect(listed.stdout).not.toContain('transcripts');

    const file = join(installation.projectDir, 'report.zip');
    const all = await installation.perch(['diagnostics', '--output', 'report.zip', '--with', 'sessions,transcripts']);
    expect(all).toMatchObject({ status: 0, stderr: '' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const contents = contentsOf(file);
    // What is looked for is there to be found: the lines that held the secrets, and the prompt that was asked for.
    expect(contents['logs/runner.jsonl']?.match(/"source": "planted"/g)).toHaveLength(3);
    expect(namesWith(contents, PROMPT)).not.toEqual([]);
    for (const secret of Object.values(SECRETS)) expect(namesWith(contents, secret), secret).toEqual([]);
    expect(namesWith(contents, installation.home)).toEqual([]);
    const manifest = JSON.parse(contents['manifest.json'] ?? '') as { files: { name: string; bytes: number }[] };
    expect(manifest.files.map(({ name }) => name).sort()).toEqual(
      Object.keys(contents)
        .filter((name) => name !== 'manifest.json')
        .sort(),
    );
    for (const { name, bytes } of manifest.files) expect(Buffer.byteLength(contents[name] ?? '')).toBe(bytes);

    const again = await installation.perch(['diagnostics', '--output', 'report.zip', '--without', 'logs,doctor']);
    expect(again).toMatchObject({ status: 1, stderr: expect.stringContaining('DIAGNOSTICS_FILE_EXISTS') });
    const over = ['diagnostics', '--output', 'report.zip', '--without', 'logs,doctor', '--yes', '--json'];
    const written = await installation.perch(over);
    expect(JSON.parse(written.stdout)).toMatchObject({ file, secretsKnown: true });
    const usual = contentsOf(file);
    expect(Object.keys(usual).sort()).toEqual(
      ['connection.json', 'database.json', 'manifest.json', 'settings.json', 'versions.json'].sort(),
    );
    expect(namesWith(usual, PROMPT)).toEqual([]);
    const nowhere = await installation.perch(['diagnostics', '--output', '/proc/none/report.zip']);
    expect(nowhere).toMatchObject({ status: 1, stderr: expect.stringContaining('DIAGNOSTICS_NOT_WRITTEN') });
  },
);

ofLongForm(test)(
  'a keychain that does not give its values is told, and what it is for is refused to nobody',
  {
    tag: LONG,
  },
  async ({ installation }) => {
    await store(installation);
    await installation.lockKeyring();
    const listed = await installation.perch(['diagnostics', '--list']);
    expect(listed).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('masks only text that looks like a secret'),
    });
  },
);

test('the window shows what would be in it, writes what was chosen, and says where', async ({
  page,
  served,
  installation,
}) => {
  await page.goto(served.url);
  await page.evaluate(() => {
    window.location.hash = '#/settings/runner';
  });
  await page.getByRole('button', { name: 'Show its contents' }).click();
  const parts = page.getByRole('list', { name: 'Contents' });
  await expect(parts.getByRole('checkbox', { name: /^Session logs/ })).not.toBeChecked();
  await expect(parts.getByRole('checkbox', { name: /^Versions/ })).toBeChecked();
  await expectAccessible(page);
  await parts.getByRole('checkbox', { name: /^Logs/ }).uncheck();
  await page.getByRole('button', { name: 'Write the file' }).click();
  const file = await page.locator('.diagnostics-file code').textContent();
  expect(basename(file ?? '')).toMatch(/^perch-diagnostics-.*\.zip$/);
  expect(file?.startsWith(installation.home)).toBe(true);
  const names = Object.keys(contentsOf(file ?? ''));
  expect(names).toContain('versions.json');
  expect(names.filter((name) => name.startsWith('logs/'))).toEqual([]);
});
