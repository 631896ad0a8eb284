import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { startFakeProvider } from '../fake-providers/server.ts';
import { type Installation, jsonLines } from '../fixtures/installation.ts';
import { argumentLists, filesWith } from '../fixtures/leaks.ts';
import { LONG, ofLongForm } from '../fixtures/long.ts';
import { expect, test } from '../fixtures/test.ts';

async function keep(installation: Installation, secret: string, baseUrl: string): Promise<void> {
  expect((await installation.perch(['credentials', 'set', 'openai'], { input: secret })).status).toBe(0);
  expect((await installation.perch(['providers', 'set', 'openai', '--base-url', baseUrl])).status).toBe(0);
}

test('a credential is in no file, no argument list and no output while an agent uses it', async ({ installation }) => {
  test.setTimeout(180_000);
  const secret = `sk-proj-${randomUUID()}-${randomUUID()}`;
  const provider = await startFakeProvider({ goodKeys: [secret], knownWord: 'WORD' });
  await keep(installation, secret, `${provider.url}/v1`);
  const run = installation.start(['run', '--agent', 'codex', '--json', 'hello']);
  run.stdin?.end();
  let output = '';
  let seenInArguments = false;
  for (const stream of [run.stdout, run.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      // Looked at whenever the turn says something: while agent, adapter and sandbox run.
      seenInArguments ||= argumentLists().includes(secret);
    });
  }
  await new Promise((resolve) => run.once('close', resolve));
  expect(jsonLines<{ event: { type: string } }>(output).some(({ event }) => event.type === 'session.started')).toBe(
    true,
  );
  expect(provider.requests.some(({ credential }) => credential === 'good')).toBe(true);
  expect(seenInArguments).toBe(false);
  expect(output).not.toContain(secret);
  expect(filesWith(installation.dataDir, secret)).toEqual([]);
  expect(filesWith(installation.projectDir, secret)).toEqual([]);
  expect(filesWith(installation.home, secret)).toEqual([]);
  await provider.close();
});

test('the scan would find a secret that is there', async ({ installation }) => {
  const prompt = `canary-${randomUUID()}`;
  // A prompt is kept in the database by intent.
  await installation.perch(['run', '--agent', 'demo', prompt]);
  expect(filesWith(installation.dataDir, prompt).length).toBeGreaterThan(0);
  const shown = installation.start(['run', '--agent', 'demo', prompt]);
  expect(argumentLists()).toContain(prompt);
  shown.kill('SIGKILL');
});

ofLongForm(test)(
  'the demo agent sees its own environment only, and nothing of the home',
  { tag: LONG },
  async ({ installation }) => {
    const names = await installation.perch(['run', '--agent', 'demo', '/env'], {
      env: { SOME_TOKEN: 'in-the-shell', ANTHROPIC_API_KEY: 'in-the-shell', SSH_AUTH_SOCK: '/somewhere' },
    });
    expect(names.stdout).toContain('HOME');
    for (const name of [
      'SOME_TOKEN',
      'ANTHROPIC_API_KEY',
      'SSH_AUTH_SOCK',
      'DBUS_SESSION_BUS_ADDRESS',
      'PERCH_DATA_DIR',
    ]) {
      expect(names.stdout).not.toContain(name);
    }
    const inHome = await installation.perch(['run', '--agent', 'demo', `/read ${installation.home}`]);
    expect(inHome.stdout).toMatch(/ENOENT|not/i);
    const database = await installation.perch([
      'run',
      '--agent',
      'demo',
      `/read ${join(installation.dataDir, 'perch.db')}`,
    ]);
    expect(database.stdout).toMatch(/ENOENT|not/i);
  },
);
