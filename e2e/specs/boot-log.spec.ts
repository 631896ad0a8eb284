import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInstallation, finished, type Installation, root } from '../fixtures/installation.ts';
import { filesWith } from '../fixtures/leaks.ts';
import { LONG, ofLongForm } from '../fixtures/long.ts';
import { test as base, expect } from '../fixtures/test.ts';

/** One by the shape of a provider's keys, one that only the environment knows for a secret. */
const SHAPED = `sk-ant-api03-${'Canary4711'.repeat(6)}`;
const NAMED = 'plainwords-that-nobody-would-take-for-a-secret-4711';
const ENVIRONMENT = { MY_DEPLOY_TOKEN: NAMED };

interface Fixtures {
  /** A built Perch of its own, whose files a test may break. */
  readonly programsDir: string;
  readonly broken: Installation;
}

const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's names and insists on a pattern
  programsDir: async ({}, use) => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'perch-built-')));
    cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
    symlinkSync(join(root, 'resources'), join(folder, 'resources'));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    await use(join(folder, 'dist'));
    rmSync(folder, { recursive: true, force: true });
  },
  broken: async ({ programsDir }, use) => {
    const installation = await createInstallation({ keyring: 'none', programsDir });
    await use(installation);
    await installation.dispose();
  },
});

const bootLog = (installation: Installation) => join(installation.dataDir, 'boot.log');
const written = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { code?: string; message: string; host: string; dataDir: string });

async function serveToItsEnd(installation: Installation) {
  return await finished(installation.start(['serve', '--json'], { input: '', env: ENVIRONMENT }));
}

/** The reason was told and kept, for nobody else to read; the secrets were not. */
function expectKeptWithoutSecrets(installation: Installation, stderr: string): void {
  const file = bootLog(installation);
  expect(stderr).toContain(file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  for (const secret of [SHAPED, NAMED]) {
    expect(stderr).not.toContain(secret);
    expect(filesWith(installation.dataDir, secret)).toEqual([]);
  }
  // What looks for them does find them.
  const planted = join(installation.dataDir, 'planted');
  writeFileSync(planted, `${SHAPED} ${NAMED}`);
  expect([...filesWith(installation.dataDir, SHAPED), ...filesWith(installation.dataDir, NAMED)]).toEqual([
    planted,
    planted,
  ]);
  rmSync(planted);
}

test('a native module that is missing is the reason that is left', async ({ broken, programsDir }) => {
  rmSync(join(programsDir, '..', 'node_modules'));
  const { status, stderr } = await serveToItsEnd(broken);
  expect(status).toBe(1);
  expect(stderr).toContain('better-sqlite3');
  const [failure] = written(bootLog(broken));
  expect(failure).toMatchObject({ host: 'loopback', code: 'ERR_MODULE_NOT_FOUND', dataDir: broken.dataDir });
  expectKeptWithoutSecrets(broken, stderr);

  const command = await broken.perch(['agents']);
  expect(command).toMatchObject({ status: 1, stderr: expect.stringContaining('better-sqlite3') });
  expect(written(bootLog(broken)).map(({ host }) => host)).toEqual(['loopback', 'cli']);
});

for (const [what, program] of [
  ['an import that throws', `throw new Error('broken early: ${SHAPED} ${NAMED}');`],
  [
    'an exception that nobody catches',
    `export const start = () => new Promise(() => setImmediate(() => { throw new Error('broken early: ${SHAPED} ${NAMED}'); }));`,
  ],
  [
    'a rejection that nobody handles',
    `export const start = () => new Promise((resolve) => { setTimeout(resolve, 1 << 30); void Promise.reject(new Error('broken early: ${SHAPED}', { cause: new Error('${NAMED}') })); });`,
  ],
] as const) {
  test(`${what} leaves its reason, without the secrets in it`, async ({ broken, programsDir }) => {
    writeFileSync(join(programsDir, 'loopback-program.mjs'), program);
    const { status, stderr } = await serveToItsEnd(broken);
    expect(status).toBe(1);
    expect(stderr).toContain('broken early: ');
    expect(written(bootLog(broken))[0]?.message).toContain('broken early: ');
    expectKeptWithoutSecrets(broken, stderr);
  });
}

ofLongForm(test)(
  'a data directory that takes nothing: the reason is where the system keeps logs',
  { tag: LONG },
  async ({ broken }) => {
    const child = broken.start(['serve', '--json'], { input: '', env: { PERCH_DATA_DIR: '/proc/perch' } });
    const { status, stderr } = await finished(child);
    expect(status).toBe(1);
    expect(stderr).toContain('DATA_DIRECTORY_NOT_WRITABLE');
    const [failure] = written(join(broken.home, '.local', 'state', 'perch', 'boot.log'));
    expect(failure).toMatchObject({ code: 'DATA_DIRECTORY_NOT_WRITABLE', dataDir: '/proc/perch' });
    // It is told to whoever looks at that directory, and to nobody else.
    const there = await finished(broken.start(['doctor'], { input: '', env: { PERCH_DATA_DIR: '/proc/perch' } }));
    expect(there.stdout).toContain('quit unexpectedly');
    expect((await broken.perch(['doctor'])).stdout).not.toContain('quit unexpectedly');
  },
);

ofLongForm(test)('the log is bounded, and keeps the newest', { tag: LONG }, async ({ broken, programsDir }) => {
  const long = `throw new Error('attempt ' + process.env.ATTEMPT + ' ' + 'x y '.repeat(5000));`;
  writeFileSync(join(programsDir, 'cli-program.mjs'), long);
  for (let attempt = 1; attempt <= 14; attempt++) await broken.perch(['agents'], { env: { ATTEMPT: String(attempt) } });
  expect(statSync(bootLog(broken)).size).toBeLessThanOrEqual(64 * 1024);
  const messages = written(bootLog(broken)).map(({ message }) => message);
  expect(messages.length).toBeGreaterThan(5);
  expect(messages.at(-1)).toContain('attempt 14 ');
  expect(messages[0]).not.toContain('attempt 1 ');
});

test('what the user did wrong is no failure', async ({ broken }) => {
  expect((await finished(broken.start(['serve', '--port', 'x'], { input: '' }))).status).toBe(2);
  expect(filesWith(broken.home, 'USAGE')).toEqual([]);
  expect(() => statSync(bootLog(broken))).toThrow('ENOENT');
});

test('the next start tells it in the window and to the doctor, until it is dismissed', async ({
  page,
  installation,
  programsDir,
}) => {
  writeFileSync(join(programsDir, 'loopback-program.mjs'), `throw new Error('broken early');`);
  const program = join(programsDir, 'loopback.mjs');
  expect(spawnSync(process.execPath, [program], { env: installation.environment, timeout: 30_000 }).status).toBe(1);
  const doctor = async () => (await installation.perch(['doctor'])).stdout;
  expect(await doctor()).toMatch(/quit unexpectedly at .*broken early/);

  const served = await installation.serve();
  await page.goto(served.url);
  const told = page.getByRole('region', { name: 'Perch quit unexpectedly' });
  await told.locator('summary').click();
  await expect(told.locator('pre')).toContainText('broken early');
  await told.getByRole('button', { name: 'Dismiss' }).click();
  await expect(told).toHaveCount(0);
  expect(await doctor()).not.toContain('quit unexpectedly');
  await served.stop();
  expect(readFileSync(join(installation.dataDir, 'boot.previous.log'), 'utf8')).toContain('broken early');
});

test('a runner that fails before it has a log leaves its reason in the runner’s', async ({ broken, programsDir }) => {
  writeFileSync(join(programsDir, 'runner.mjs'), `throw new Error('broken early: ${SHAPED}');`);
  await broken.perch(['run', '--agent', 'demo', '--permissions', 'deny', 'hello']);
  const { stdout } = await broken.perch(['logs', 'runner', '--since', '1h']);
  expect(stdout).toContain('broken early: ');
  expect(stdout).not.toContain(SHAPED);
  expect(filesWith(broken.dataDir, SHAPED)).toEqual([]);
});
