import path from 'node:path';
import { expect, test } from 'vitest';
import { isTooWide } from './width.ts';

const places = {
  homeDir: '/home/ada',
  dataDir: '/home/ada/.local/share/perch',
  scratchDir: '/home/ada/.local/share/perch/scratch',
};

test.each([
  ['/', true],
  ['/home', true],
  ['/home/ada', true],
  ['/home/ada/', true],
  ['/home/ada/.local', true],
  ['/home/ada/.local/share', true],
  ['/home/ada/.local/share/perch', true],
  ['/home/ada/.local/share/perch/logs', true],
  ['/home/ada/.local/share/perch/scratch-not', true],
  ['/home/ada/.local/share/perch/scratch', false],
  ['/home/ada/.local/share/perch/scratch/deep', false],
  ['/home/ada/.local/share/perch-not', false],
  ['/home/ada/project', false],
  ['/home/ada/..project', false],
  ['/home/ada-not', false],
  ['/home/grace/project', false],
  ['/srv/project', false],
  ['/var/www/site', false],
  ['/usr/src/app', false],
  ['/tmp', true],
  ['/tmp/project', false],
  ['/var', true],
  ['/var/tmp', true],
  ['/var/tmp/project', false],
  ['/proc', true],
  ['/proc/self/root', true],
  ['/run', true],
  ['/run/user/1000', true],
  ['/dev/shm', true],
  ['/etc/project', true],
  ['/usr', true],
  ['/usr/lib/project', true],
  ['/home/ada/.ssh', true],
  ['/home/ada/.ssh/deep', true],
  ['/home/ada/.ssh-not', false],
  ['/home/ada/.config', true],
  ['/home/ada/.config/gh', true],
  ['/home/ada/.config/nvim', false],
  ['/home/ada/.local/share/keyrings', true],
  ['/home/ada/.dotfiles', false],
])('%s is too wide: %s', (directory, expected) => {
  expect(isTooWide(directory, places, path.posix)).toBe(expected);
});

test.each([
  ['C:\\', true],
  ['D:\\', true],
  ['C:\\Users', true],
  ['C:\\Users\\Ada', true],
  ['C:\\Users\\Ada\\AppData\\Local\\Perch', true],
  ['C:\\Users\\Ada\\AppData\\Local\\Perch\\scratch', false],
  ['C:\\Users\\Ada\\project', false],
  ['C:\\Users\\Ada\\.ssh', true],
  ['C:\\etc\\project', false],
  ['D:\\project', false],
])('%s is too wide: %s', (directory, expected) => {
  const windows = {
    homeDir: 'C:\\Users\\Ada',
    dataDir: 'C:\\Users\\Ada\\AppData\\Local\\Perch',
    scratchDir: 'C:\\Users\\Ada\\AppData\\Local\\Perch\\scratch',
  };
  expect(isTooWide(directory, windows, path.win32)).toBe(expected);
});
