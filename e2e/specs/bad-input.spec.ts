import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { createInstallation, type Finished, type Installation } from '../fixtures/installation.ts';
import { hasKeyring } from '../fixtures/keyring.ts';
import { LONG, ofLongForm } from '../fixtures/long.ts';
import { expect, test } from '../fixtures/test.ts';

/** Every refusal is a sentence that says what to do, with its code, and no stack. */
function expectSentence(finished: Finished, code: string, status: number): void {
  expect(finished.stderr).toContain(code);
  expect(finished.stderr.length).toBeGreaterThan(code.length + 20);
  expect(finished.stderr).not.toMatch(/\n\s+at /);
  expect(finished.status).toBe(status);
}

const run = (installation: Installation, args: string[], input?: string) =>
  installation.perch(['run', ...args], input === undefined ? {} : { input });

test('an unknown agent', async ({ installation }) => {
  expectSentence(await run(installation, ['--agent', 'nobody', 'hello']), 'AGENT_UNKNOWN', 3);
});

test('an agent of one’s own whose program is not there, and one with a secret in its command', async ({
  installation,
}) => {
  const add = (...command: string[]) => installation.perch(['agents', 'add', 'mine', '--', ...command]);
  const secret = `ghp_${'a1B2'.repeat(9)}`;
  const kept = await add('node', `--key=${secret}`);
  expect(kept.status).toBe(2);
  expect(kept.stderr).toContain('Perch takes no secret as an argument.');
  expect(kept.stdout + kept.stderr).not.toContain(secret);
  const refused = await add('./does-not-exist');
  expectSentence(refused, 'AGENT_PROGRAM_MISSING', 1);
  expect(refused.stderr).not.toContain('Install it with');
});

test('an empty prompt', async ({ installation }) => {
  expectSentence(await run(installation, ['--agent', 'demo', '   ']), 'PROMPT_EMPTY', 3);
});

test('a prompt of 10 MB', async ({ installation }) => {
  expectSentence(
    await run(installation, ['--agent', 'demo', '-'], 'x'.repeat(10 * 1024 * 1024)),
    'PROMPT_TOO_LARGE',
    3,
  );
});

ofLongForm(test)('a missing directory, a file, the home folder', { tag: LONG }, async ({ installation }) => {
  const project = (dir: string) => run(installation, ['--agent', 'demo', '--project', dir, 'hello']);
  expectSentence(await project(join(installation.projectDir, 'missing')), 'PROJECT_NOT_FOUND', 3);
  const file = join(installation.projectDir, 'file');
  writeFileSync(file, '');
  expectSentence(await project(file), 'PROJECT_NOT_A_DIRECTORY', 3);
  expectSentence(await project(installation.environment.HOME ?? ''), 'PROJECT_TOO_WIDE', 3);
  for (const words of [['trust'], ['projects', 'distrust']]) {
    expectSentence(await installation.perch([...words, '/nowhere/at/all']), 'PROJECT_NOT_FOUND', 1);
  }
  const planned = await installation.perch(['env', '--agent', 'demo', '--project', '/nowhere/at/all']);
  expectSentence(planned, 'PROJECT_NOT_FOUND', 0);
});

ofLongForm(test)('a port that is taken', { tag: LONG }, async ({ installation }) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  expectSentence(await installation.perch(['serve', '--port', String(port)]), 'PORT_TAKEN', 1);
  taken.close();
});

test('a data directory that cannot be written', async ({ installation }) => {
  const inTheWay = join(installation.projectDir, 'file');
  writeFileSync(inTheWay, '');
  for (const dataDir of [join(inTheWay, 'data'), '/proc/perch']) {
    const env = { PERCH_DATA_DIR: dataDir };
    expectSentence(await installation.perch(['credentials', 'list'], { env }), 'DATA_DIRECTORY_NOT_WRITABLE', 1);
    expectSentence(
      await installation.perch(['run', '--agent', 'demo', '--permissions', 'deny', 'hello'], { env }),
      'DATA_DIRECTORY_NOT_WRITABLE',
      3,
    );
    expectSentence(await installation.perch(['serve'], { env }), 'DATA_DIRECTORY_NOT_WRITABLE', 1);
  }
});

test('a database from a newer version', async ({ installation }) => {
  expect((await installation.perch(['credentials', 'list'])).status).toBe(0);
  const database = new BetterSqlite3(join(installation.dataDir, 'perch.db'));
  database.pragma('user_version = 9999');
  database.close();
  expectSentence(await run(installation, ['--agent', 'demo', 'hello']), 'DATABASE_TOO_NEW', 3);
  expectSentence(await installation.perch(['serve']), 'DATABASE_TOO_NEW', 1);
});

test.describe('the keychain', () => {
  test.skip(!hasKeyring, 'needs dbus-daemon and gnome-keyring-daemon');

  for (const { keyring, code } of [
    { keyring: 'none', code: /KEYCHAIN_ABSENT/ },
    { keyring: 'no-service', code: /KEYCHAIN_ABSENT/ },
    { keyring: 'locked', code: /KEYCHAIN_(LOCKED|PROMPT_DISMISSED)/ },
  ] as const) {
    const isKept = keyring === 'locked';
    const declare = isKept ? test : ofLongForm(test);
    declare(
      `${keyring}: storing fails closed, and the sentence says what to do`,
      isKept ? {} : { tag: LONG },
      async () => {
        const installation = await createInstallation({ keyring });
        const stored = await installation.perch(['credentials', 'set', 'openai'], { input: 'sk-some-value' });
        expect(stored.status).toBe(1);
        expect(stored.stderr).toMatch(code);
        expect(stored.stdout + stored.stderr).not.toContain('sk-some-value');
        const listed = await installation.perch(['credentials', 'list', '--json']);
        expect(JSON.parse(listed.stdout)).toEqual({ credentials: [] });
        // The demo needs none.
        expect((await installation.perch(['run', '--agent', 'demo', '--permissions', 'deny', 'hello'])).status).toBe(0);
        await installation.dispose();
      },
    );
  }
});
