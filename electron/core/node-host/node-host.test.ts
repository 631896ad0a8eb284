import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dataDirectory } from '../../node/data-directory.ts';
import { RUNNER_VARIABLES, runnerEnvironment } from '../../node/inherited-environment.ts';
import { createNodeOpener } from './opener.ts';
import { findTerminals } from './terminals.ts';

/** Its time does not pass. */
const clock = { after: () => () => {} };

const directory = (platform: NodeJS.Platform, environment: Record<string, string> = {}) =>
  dataDirectory({ environment, platform, home: '/home/ann' });

test('data is where the system keeps it, unless the user says otherwise', () => {
  expect(directory('linux')).toBe('/home/ann/.local/share/perch');
  expect(directory('linux', { XDG_DATA_HOME: '/data' })).toBe('/data/perch');
  expect(directory('linux', { XDG_DATA_HOME: 'relative' })).toBe('/home/ann/.local/share/perch');
  expect(directory('darwin', { XDG_DATA_HOME: '/data' })).toBe('/home/ann/Library/Application Support/Perch');
  expect(directory('linux', { PERCH_DATA_DIR: '/elsewhere', XDG_DATA_HOME: '/data' })).toBe('/elsewhere');
  expect(directory('linux', { PERCH_DATA_DIR: '' })).toBe('/home/ann/.local/share/perch');
});

test('the runner inherits a named list and nothing else', () => {
  const everything = Object.fromEntries(
    [...RUNNER_VARIABLES.posix, ...RUNNER_VARIABLES.windows].map((name) => [name, 'x']),
  );
  const host = { ...everything, ANTHROPIC_API_KEY: 'sk', NODE_OPTIONS: '--inspect', SSH_AUTH_SOCK: '/s', PERCH_X: '1' };
  expect(Object.keys(runnerEnvironment(host, 'linux')).sort()).toEqual(
    ['HOME', 'LANG', 'LC_ALL', 'LC_CTYPE', 'LOGNAME', 'PATH', 'TMPDIR', 'TZ', 'USER'].sort(),
  );
  expect(runnerEnvironment({ Path: 'C:\\', SYSTEMROOT: 'C:\\W', secret: 'x' }, 'win32')).toEqual({
    PATH: 'C:\\',
    SystemRoot: 'C:\\W',
  });
  expect(runnerEnvironment({}, 'linux')).toEqual({});
});

test('things are opened by the system’s program, with one argument and no shell', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'perch-opener-'));
  try {
    const program = join(folder, 'xdg-open');
    writeFileSync(program, `#!/bin/sh\n/usr/bin/printf '%s|' "$#" "$@" "$SECRET" > ${folder}/seen\n`);
    chmodSync(program, 0o755);
    const environment = { PATH: `${folder}:/usr/bin:/bin`, DISPLAY: ':9', SECRET: 'sk' };
    const opener = createNodeOpener({ environment, clock, platform: 'linux' });
    expect(opener.canOpen).toBe(true);
    expect(await opener.openInBrowser('http://127.0.0.1:1/?token=$(id)&x')).toBe(true);
    expect(readFileSync(join(folder, 'seen'), 'utf8')).toBe('1|http://127.0.0.1:1/?token=$(id)&x||');
    expect(await opener.revealFile('/logs/a b/1.log')).toBe(true);
    expect(readFileSync(join(folder, 'seen'), 'utf8')).toBe('1|/logs/a b||');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('where there is no desktop, or no such program, nothing was opened', async () => {
  const without = createNodeOpener({ environment: { PATH: '/usr/bin' }, clock, platform: 'linux' });
  expect([without.canOpen, await without.openInBrowser('http://x/')]).toEqual([false, false]);
  const missing = createNodeOpener({ environment: { PATH: '/nowhere', DISPLAY: ':9' }, clock, platform: 'linux' });
  expect(await missing.openInBrowser('http://x/')).toBe(false);
});

test('a program that goes on running, as a browser does, counts as opened', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'perch-opener-'));
  const program = join(folder, 'xdg-open');
  // Runs until the test lets it go, which a pipe that is closed does.
  writeFileSync(program, `#!/bin/sh\nexec /bin/sh -c 'read line < ${folder}/gate'\n`);
  chmodSync(program, 0o755);
  execFileSync('mkfifo', [join(folder, 'gate')]);
  try {
    let pass = () => {};
    const waiting = {
      after(_ms: number, callback: () => void) {
        pass = callback;
        return () => {};
      },
    };
    const environment = { PATH: `${folder}:/usr/bin:/bin`, DISPLAY: ':9' };
    const opened = createNodeOpener({ environment, clock: waiting, platform: 'linux' }).openInBrowser('http://x/');
    pass();
    expect(await opened).toBe(true);
  } finally {
    writeFileSync(join(folder, 'gate'), 'go\n');
    rmSync(folder, { recursive: true, force: true });
  }
});

test('terminals that cannot be had say why', () => {
  expect(findTerminals('/nowhere/any.mjs')).toMatchObject({
    state: 'unavailable',
    reason: expect.stringContaining('node-pty'),
  });
});
