import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { createBootLog } from './boot-log.ts';
import { createEarlierFailures } from './earlier-failures.ts';
import { bootLogFolders } from './places.ts';

const RESOURCES = join(import.meta.dirname, '..', '..', '..', 'resources');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-boot-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(options: { resourcesDir?: string; now?: () => number; environment?: Record<string, string> } = {}) {
  const { resourcesDir = RESOURCES, now = () => 1000, environment = {} } = options;
  return createBootLog({
    host: 'loopback',
    version: '1.2.3',
    resourcesDir,
    environment: { PERCH_DATA_DIR: join(folder, 'data'), XDG_STATE_HOME: join(folder, 'state'), ...environment },
    now,
  });
}

test('a reason has its code and its causes, and is told until it is dismissed', () => {
  const bootLog = open();
  const error = new PerchError('DATABASE_TOO_NEW', { file: '/x' }, { cause: new Error('the cause') });
  const { file, reason } = bootLog.report(error);
  expect(file).toBe(join(folder, 'data', 'boot.log'));
  expect(reason).toContain('caused by Error: the cause');
  const told = createEarlierFailures(bootLog);
  expect(told.list()).toEqual([expect.objectContaining({ at: 1000, code: 'DATABASE_TOO_NEW', version: '1.2.3' })]);
  told.dismiss();
  expect(told.list()).toEqual([]);
  expect(createEarlierFailures(bootLog).list()).toEqual([]);
  expect(readFileSync(join(folder, 'data', 'boot.previous.log'), 'utf8')).toContain('the cause');
});

test('the newest come first, and what is no line of ours is passed over', () => {
  let now = 0;
  const bootLog = open({ now: () => ++now });
  for (let index = 1; index <= 8; index++) bootLog.report(new Error(`failure ${index}`));
  writeFileSync(bootLog.files[0], `${readFileSync(bootLog.files[0], 'utf8')}torn {"at":\n`);
  const list = createEarlierFailures(bootLog).list();
  expect(list.map(({ at }) => at)).toEqual([8, 7, 6, 5, 4]);
});

test('a link that lies in the way is not followed', () => {
  mkdirSync(join(folder, 'data'));
  const elsewhere = join(folder, 'elsewhere');
  writeFileSync(elsewhere, '');
  symlinkSync(elsewhere, join(folder, 'data', 'boot.log'));
  const { file = '' } = open().report(new Error('x'));
  expect(readFileSync(elsewhere, 'utf8')).toBe('');
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('where no place takes it, it is still answered', () => {
  const bootLog = open({ environment: { PERCH_DATA_DIR: '/proc/perch', XDG_STATE_HOME: '/proc/state' } });
  expect(bootLog.report(new Error('the reason'))).toEqual({
    reason: expect.stringContaining('the reason'),
    file: undefined,
  });
});

test('where nobody can say how tokens look, every long word is masked', () => {
  const { reason } = open({ resourcesDir: join(folder, 'none') }).report(
    new Error('a word and sk-ant-0123456789abcdef'),
  );
  expect(reason).toContain('a word and');
  expect(reason).not.toContain('0123456789abcdef');
});

test('a log that stands gets it too, and its masks hold', () => {
  const bootLog = open();
  const written: string[] = [];
  const detach = bootLog.attach({
    redact: (text) => text.replaceAll('my secret', '•••'),
    write: (message) => void written.push(message),
  });
  expect(bootLog.report(new Error('it says my secret')).reason).toContain('it says •••');
  detach();
  bootLog.report(new Error('later'));
  expect(written).toHaveLength(1);
  expect(readFileSync(bootLog.files[0], 'utf8')).not.toContain('my secret');
});

test('what ends nothing is told by the log, and kept only where there is none', () => {
  const bootLog = open();
  bootLog.note(new Error('before'));
  const written: string[] = [];
  bootLog.attach({ redact: (text) => text, write: (message) => void written.push(message) });
  bootLog.note(new Error('after'));
  expect(written.join()).toContain('after');
  expect(createEarlierFailures(bootLog).list()).toEqual([
    expect.objectContaining({ message: expect.stringContaining('before') }),
  ]);
});

test.each([
  ['darwin' as const, '/home/ada/Library/Logs/Perch'],
  ['linux' as const, '/home/ada/.local/state/perch'],
])('on %s the second place is %s', (platform, expected) => {
  const folders = bootLogFolders({ dataDir: '/data', environment: {}, platform, home: '/home/ada' });
  expect(folders).toEqual(['/data', expected]);
});
