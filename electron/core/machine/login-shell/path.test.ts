import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock } from '../../runner-host/testing/manual-clock.ts';
import { createLoginPath, joinPaths, LOGIN_PATH_LIMIT_MS } from './path.ts';

const WAIT = 60_000;
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'perch-login-path-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function create(program: string | undefined, platform = 'linux') {
  const clock = createManualClock();
  const environment = { HOME: home, PATH: '/usr/bin:/bin', TERM: 'dumb' };
  return {
    clock,
    path: createLoginPath(
      { program, environment, clock, random: { uuid: () => crypto.randomUUID() } },
      { platform, keep: (name) => name === 'HTTPS_PROXY' },
    ),
  };
}

function script(name: string, text: string): string {
  const file = join(home, name);
  writeFileSync(file, text, { mode: 0o755 });
  return file;
}

/** Start-up files of an interactive login shell, with what they say on the way. */
const SHELLS = [
  [
    '/bin/bash',
    '.bash_profile',
    'echo PATH=/nonsense; printf "a\\0PATH=/b\\0"; export PATH="/from/bash:$PATH"\n',
    '/from/bash',
  ],
  ['/usr/bin/zsh', '.zshrc', 'echo Welcome; export PATH="/from/zsh:$PATH"\n', '/from/zsh'],
  ['/bin/dash', '.profile', 'echo Welcome; export PATH="/from/sh:$PATH"\n', '/from/sh'],
  ['/usr/bin/fish', '.config/fish/config.fish', 'echo Welcome; set -gx PATH /from/fish $PATH\n', '/from/fish'],
] as const;

describe.skipIf(process.platform === 'win32')('the PATH of the login shell', () => {
  for (const [program, file, text, expected] of SHELLS) {
    test.skipIf(!existsSync(program))(
      `${program} says it, whatever its start-up files print`,
      { timeout: WAIT },
      async () => {
        execFileSync('mkdir', ['-p', join(home, file, '..')]);
        writeFileSync(join(home, file), text);
        const { path } = create(program);
        expect(path.state()).toEqual({ state: 'checking' });
        expect((await path.ensure())?.split(':')[0]).toBe(expected);
        expect(path.state()).toEqual({ state: 'known' });
      },
    );
  }

  test('is asked for once, and again on demand', { timeout: WAIT }, async () => {
    writeFileSync(join(home, '.bash_profile'), `echo x >> '${join(home, 'asked')}'; export PATH=/first\n`);
    const { path } = create('/bin/bash');
    expect(await Promise.all([path.ensure(), path.ensure()])).toEqual(['/first', '/first']);
    writeFileSync(join(home, '.bash_profile'), 'export PATH=/second HTTPS_PROXY=http://proxy SECRET=x\n');
    expect(await path.ensure()).toBe('/first');
    expect(path.kept()).toEqual({});
    expect(await path.refresh()).toBe('/second');
    expect(path.kept()).toEqual({ HTTPS_PROXY: 'http://proxy' });
    expect(execFileSync('cat', [join(home, 'asked')], { encoding: 'utf8' })).toBe('x\n');
  });

  test('a start-up file that hangs is given up, ended with all it started, and can be asked again', {
    timeout: WAIT,
  }, async () => {
    const pipe = join(home, 'pipe');
    execFileSync('mkfifo', [pipe]);
    // The sleeping program inherits the pipe: its end is read here when the last of them is gone.
    writeFileSync(join(home, '.bash_profile'), `exec 9>'${pipe}'; echo started >&9; sleep 100000\n`);
    const { path, clock } = create('/bin/bash');
    const answer = path.ensure();
    const reading = await open(pipe, 'r');
    const chunk = await reading.read(Buffer.alloc(100), 0, 100, null);
    expect(chunk.buffer.subarray(0, chunk.bytesRead).toString()).toBe('started\n');
    clock.advance(LOGIN_PATH_LIMIT_MS);
    expect(await answer).toBeUndefined();
    expect(path.state()).toEqual({ state: 'could-not-check', why: 'timeout', shell: '/bin/bash', seconds: 10 });
    expect((await reading.read(Buffer.alloc(100), 0, 100, null)).bytesRead).toBe(0);
    await reading.close();

    writeFileSync(join(home, '.bash_profile'), 'export PATH=/better\n');
    expect(await path.refresh()).toBe('/better');
    expect(path.state()).toEqual({ state: 'known' });
  });

  test.each([
    ['ends with an error', '#!/bin/sh\nexit 3\n', 'failed'],
    ['ends without a word', '#!/bin/sh\n', 'failed'],
    ['takes no -ilc', '#!/bin/sh\necho "usage: shell" ; exit 2\n', 'failed'],
    ['never stops talking', '#!/bin/sh\nexec yes\n', 'failed'],
  ])('a shell that %s could not be asked', { timeout: WAIT }, async (_name, text, why) => {
    const { path } = create(script('shell', text));
    expect(await path.ensure()).toBeUndefined();
    expect(path.state()).toMatchObject({ state: 'could-not-check', why });
  });

  test.each([
    [undefined, 'no-shell'],
    ['bash', 'no-shell'],
    ['/nowhere/shell', 'failed'],
  ])('no shell at %s', { timeout: WAIT }, async (program, why) => {
    const { path } = create(program);
    expect(await path.ensure()).toBeUndefined();
    expect(path.state()).toMatchObject({ state: 'could-not-check', why });
  });
});

test('on Windows nobody is asked', async () => {
  const { path } = create('/nowhere/shell', 'win32');
  expect(path.state()).toEqual({ state: 'not-needed' });
  expect(await path.ensure()).toBeUndefined();
});

test('what only this process has on its PATH goes first, then the shell decides', () => {
  expect(joinPaths('/bin:/mine:/usr/bin', '/home/bin:/usr/bin:/bin')).toBe('/mine:/home/bin:/usr/bin:/bin');
  expect(joinPaths('/bin', undefined)).toBe('/bin');
  expect(joinPaths(undefined, undefined)).toBe('');
});
