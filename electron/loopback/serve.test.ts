import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestInstallation, type TestInstallation } from '../core/wiring/testing/installation.ts';

const source = (...path: string[]) => JSON.stringify(join(import.meta.dirname, ...path));

let installation: TestInstallation;
let children: ChildProcess[];
beforeEach(() => {
  installation = createTestInstallation();
  children = [];
  // What the build makes of main.ts, run from the sources.
  writeFileSync(
    join(installation.programsDir, 'loopback.mjs'),
    `const { bootProgram, endOnStderr } = await import(${source('..', 'core', 'boot', 'boot.ts')});
     const { main } = await import(${source('process.ts')});
     await bootProgram({
       host: 'loopback', version: '1.2.3', environment: { ...process.env }, rejectionsEnd: true, end: endOnStderr,
       resourcesDir: ${JSON.stringify(installation.resourcesDir)},
       load: async () => ({ start: (bootLog) => main({ programsDir: import.meta.dirname, version: '1.2.3', bootLog }) }),
     });\n`,
  );
});
afterEach(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  }
  installation.remove();
});

function serve(args: string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(installation.programsDir, 'loopback.mjs'), ...args], {
    env: {
      PATH: process.env.PATH ?? '',
      HOME: installation.folder,
      PERCH_DATA_DIR: installation.dataDir,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const output: string[] = [];
  const lines = createInterface(child.stdout).on('line', (line) => output.push(line));
  const firstLine = once(lines, 'line').then(([line]) => String(line));
  const ended = once(child, 'close').then(([exitCode]) => ({ exitCode: Number(exitCode), errors, output }));
  return { child, firstLine, ended };
}

test('one line of JSON once it answers; the link opens once; it ends when told to', async () => {
  const { child, firstLine, ended } = serve(['--json']);
  const { url, pid, port } = JSON.parse(await firstLine);
  expect(pid).toBe(child.pid);
  expect(url).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${port}/\\?token=[\\w-]{43}$`));
  const opened = await fetch(url, { redirect: 'manual' });
  expect(opened.status).toBe(303);
  const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? '';
  const place = opened.headers.get('location') ?? '';
  const window = await fetch(`http://127.0.0.1:${port}${place}`, { headers: { cookie } });
  expect(await window.text()).toBe('<!doctype html>the window');
  expect((await fetch(url, { redirect: 'manual' })).status).toBe(404);
  child.kill('SIGTERM');
  expect(await ended).toEqual({ exitCode: 0, errors: '', output: [expect.stringContaining('"url"')] });
});

test('where one runs already, a fresh link to that one is printed', async () => {
  const first = serve(['--json']);
  const running = JSON.parse(await first.firstLine);
  const second = serve(['--json']);
  const { exitCode, output } = await second.ended;
  expect(exitCode).toBe(0);
  const again = JSON.parse(output[0] ?? '');
  expect(again).toMatchObject({ pid: running.pid, port: running.port });
  expect(again.url).not.toBe(running.url);
  expect((await fetch(again.url, { redirect: 'manual' })).status).toBe(303);
});

test('two that start at the same instant serve one window', async () => {
  const both = [serve(['--json']), serve(['--json'])];
  const lines = await Promise.all(both.map(({ firstLine }) => firstLine));
  const [one, other] = lines.map((line) => JSON.parse(line));
  expect(one.port).toBe(other.port);
});

test('a port that is taken, a bad port, an option that is not known: a sentence each', async () => {
  const taken = createServer();
  taken.listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  const busy = await serve(['--port', String(port)]).ended;
  expect([busy.exitCode, busy.output]).toEqual([1, []]);
  expect(busy.errors).toBe(
    `Another program uses port ${port}. Choose another one with --port, or omit --port and Perch takes a free one. (PORT_TAKEN)\n`,
  );
  taken.close();
  const bad = await serve(['--port', '70000']).ended;
  expect([bad.exitCode, bad.errors]).toEqual([2, expect.stringContaining('"70000"')]);
  expect((await serve(['--prot', '1']).ended).exitCode).toBe(2);
});

test('a data directory that cannot be written: a sentence in the user’s language', async () => {
  const { exitCode, errors } = await serve([], { PERCH_DATA_DIR: '/proc/perch', LANG: 'de_DE.UTF-8' }).ended;
  expect(exitCode).toBe(1);
  expect(errors).toContain('(DATA_DIRECTORY_NOT_WRITABLE)');
  expect(errors).toContain('/proc/perch');
  expect(errors).toContain('Ordner');
});
