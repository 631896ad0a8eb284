import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hasAllOfLock } from './lib/installed.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-installed-'));
  const packages = {
    '': { name: 'perch' },
    'node_modules/one': { version: '1.0.0' },
    'node_modules/one/node_modules/inner': { version: '3.0.0' },
    'node_modules/elsewhere': { version: '2.0.0', optional: true },
    'node_modules/linked': { link: true, resolved: 'scripts/linked' },
  };
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages }));
  put('one', '1.0.0');
  put('one/node_modules/inner', '3.0.0');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, version: string): void {
  mkdirSync(join(folder, 'node_modules', name), { recursive: true });
  writeFileSync(join(folder, 'node_modules', name, 'package.json'), JSON.stringify({ version }));
}

test('all that the lock file names is there; what another system needs may be missing', () => {
  expect(hasAllOfLock(folder)).toBe(true);
});

test.each([
  ['a package of another version', () => put('one', '1.0.1')],
  ['a nested one of another version', () => put('one/node_modules/inner', '2.9.0')],
  ['an optional one of another version', () => put('elsewhere', '1.0.0')],
  ['a missing one', () => rmSync(join(folder, 'node_modules', 'one'), { recursive: true })],
])('%s is noticed', (_name, change) => {
  change();
  expect(hasAllOfLock(folder)).toBe(false);
});
