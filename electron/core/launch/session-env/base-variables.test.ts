import { expect, test } from 'vitest';
import { baseVariables, sessionPath } from './base-variables.ts';

const WINDOWS = {
  SystemRoot: 'C:\\Windows',
  SYSTEMDRIVE: 'C:',
  windir: 'C:\\Windows',
  ComSpec: 'C:\\Windows\\cmd.exe',
  PATHEXT: '.EXE',
  NUMBER_OF_PROCESSORS: '2',
  PROCESSOR_ARCHITECTURE: 'AMD64',
  OS: 'Windows_NT',
};

test.each([
  ['LANG', 'de_DE.UTF-8'],
  ['LANGUAGE', 'de:en'],
  ['LC_TIME', 'sr_RS@latin'],
  ['TZ', 'Etc/GMT+1'],
  ['TZ', 'x'.repeat(64)],
])('%s=%s is taken from the host', (name, value) => {
  expect(baseVariables({ [name]: value }, 'linux')).toEqual([[name, value]]);
});

test.each([
  ['a path', 'LANG', '/tmp/evil'],
  ['a way up', 'TZ', 'x/../../etc/passwd'],
  ['a second line', 'LC_ALL', 'C\nX=1'],
  ['a command at the end', 'LC_ALL', 'C;ls'],
  ['a command at the beginning', 'LC_ALL', '$(ls)C'],
  ['too long a value', 'TZ', 'x'.repeat(65)],
  ['an empty value', 'TZ', ''],
  ['no value', 'TZ', undefined],
  ['a longer name', 'LANGX', 'C'],
  ['a name that only ends so', 'MY_LANG', 'C'],
  ['a name of another case', 'lang', 'C'],
  ['a category without a name', 'LC_', 'C'],
])('%s is not: %s=%j', (_, name, value) => {
  expect(baseVariables({ [name]: value }, 'linux')).toEqual([]);
});

test('by name, whatever order the host has', () => {
  const host = { TZ: 'UTC', LC_CTYPE: 'C', LANG: 'C', LC_ALL: 'C' };
  expect(baseVariables(host, 'linux').map(([name]) => name)).toEqual(['LANG', 'LC_ALL', 'LC_CTYPE', 'TZ']);
});

test('what Windows needs is taken on Windows, in any case, and nowhere else', () => {
  expect(Object.fromEntries(baseVariables(WINDOWS, 'win32'))).toEqual(WINDOWS);
  expect(baseVariables(WINDOWS, 'linux')).toEqual([]);
  expect(baseVariables({ OS: '', COMSPEC: undefined, MY_OS: 'x', OSX: 'x', Path: 'C:\\evil' }, 'win32')).toEqual([]);
  expect(baseVariables({ LANG: 'C', FOO: 'x' }, 'win32')).toEqual([['LANG', 'C']]);
});

test.each([
  ['linux', {}, '/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin'],
  ['darwin', {}, '/opt/homebrew/bin:/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin'],
  ['win32', {}, 'C:\\Windows\\System32;C:\\Windows;C:\\Windows\\System32\\WindowsPowerShell\\v1.0'],
  ['win32', { SYSTEMROOT: 'D:\\W' }, 'D:\\W\\System32;D:\\W;D:\\W\\System32\\WindowsPowerShell\\v1.0'],
  [
    'win32',
    { SystemRoot: 'E:\\W', SYSTEMROOT: 'D:\\W' },
    'E:\\W\\System32;E:\\W;E:\\W\\System32\\WindowsPowerShell\\v1.0',
  ],
])('on %s with %j programs are in folders of the system', (platform, host, path) => {
  expect(sessionPath({ ...host, PATH: '/evil' }, platform)).toBe(path);
});
