import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockDataDirectory } from './core-lock.ts';

let dataDir: string;
let children: ChildProcess[];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'perch-lock-'));
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});
const alreadyRunning = () => expect.objectContaining({ code: 'ALREADY_RUNNING', values: { directory: dataDir } });

/** A program that says `ready`, takes the lock when it is told to, says what came of it, and keeps the lock. */
const PROGRAM = `
  import { lockDataDirectory } from ${JSON.stringify(join(import.meta.dirname, 'core-lock.ts'))};
  process.stdout.write('ready\\n');
  process.stdin.on('data', () => {
    try { lockDataDirectory(${JSON.stringify('@dir@')}); process.stdout.write('locked\\n'); }
    catch (error) { process.stdout.write(error.code + '\\n'); }
  });
`;
async function startContender(): Promise<{ take(): Promise<string>; child: ChildProcess }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM.replace('@dir@', dataDir)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {},
  });
  children.push(child);
  expect(await said(child)).toBe('ready');
  return {
    child,
    take() {
      const answer = said(child);
      child.stdin?.write('go\n');
      return answer;
    },
  };
}
async function said(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the program has no output');
  const [data] = (await once(child.stdout, 'data')) as [Buffer];
  return data.toString().trim();
}

test('a data directory has one core; after it released the lock there can be another', () => {
  const first = lockDataDirectory(dataDir);
  expect(() => lockDataDirectory(dataDir)).toThrowError(alreadyRunning());
  first.release();
  first.release();
  lockDataDirectory(dataDir).release();
});

test('of those that start at the same instant exactly one wins', async () => {
  const contenders = await Promise.all([startContender(), startContender(), startContender()]);
  const answers = await Promise.all(contenders.map((contender) => contender.take()));
  expect(answers.sort()).toEqual(['ALREADY_RUNNING', 'ALREADY_RUNNING', 'locked']);
});

test('the lock of a core that was killed is free', async () => {
  const { child, take } = await startContender();
  expect(await take()).toBe('locked');
  expect(() => lockDataDirectory(dataDir)).toThrowError(alreadyRunning());
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  lockDataDirectory(dataDir).release();
});

test('a data directory that cannot be written says so', () => {
  const notWritable = (directory: string) =>
    expect.objectContaining({ code: 'DATA_DIRECTORY_NOT_WRITABLE', values: { directory } });
  const file = join(dataDir, 'file');
  writeFileSync(file, '');
  expect(() => lockDataDirectory(file)).toThrowError(notWritable(file));
  expect(() => lockDataDirectory('/proc/perch')).toThrowError(notWritable('/proc/perch'));
});
