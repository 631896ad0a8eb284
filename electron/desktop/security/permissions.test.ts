import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { isPermitted } from './permissions.ts';

/** Every permission that this version of Electron knows, from its own types. */
function permissionsOfElectron(): string[] {
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const types = readFileSync(join(folder, 'electron.d.ts'), 'utf8');
  const names = [
    ...types.matchAll(/setPermission(?:Request|Check)Handler\(handler:.*?permission: ((?:'[\w-]+'(?: \| )?)+)/g),
  ];
  return [
    ...new Set(names.flatMap(([, union]) => [...(union ?? '').matchAll(/'([\w-]+)'/g)].map(([, name]) => name ?? ''))),
  ];
}

test('of all that Electron knows, the window has the clipboard and nothing else', () => {
  const all = permissionsOfElectron();
  expect(all.length).toBeGreaterThan(40);
  expect(all.filter((permission) => isPermitted(permission, 'app://perch/')).sort()).toEqual([
    'clipboard-read',
    'clipboard-sanitized-write',
  ]);
  expect(all.filter((permission) => isPermitted(permission, 'https://evil.test/'))).toEqual([]);
  expect(all.filter((permission) => isPermitted(permission, 'about:blank'))).toEqual([]);
});
