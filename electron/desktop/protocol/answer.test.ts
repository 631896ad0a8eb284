import { expect, test } from 'vitest';
import { fileOf, headersOf } from './answer.ts';

test.each([
  ['app://perch/', 'index.html'],
  ['app://perch', 'index.html'],
  ['app://perch/#/settings', 'index.html'],
  ['app://perch/index.html?x=1', 'index.html'],
  ['app://perch/assets/index-B4x_9.js', 'assets/index-B4x_9.js'],
  ['app://perch/icon.svg', 'icon.svg'],
])('%s is %s', (address, file) => expect(fileOf(address)).toBe(file));

test.each([
  'app://perch/../main.mjs',
  'app://perch/..%2f..%2fetc/passwd.json',
  'app://perch/%2e%2e/%2e%2e/package.json.',
  'app://perch/assets/..%5c..%5cmain.js',
  'app://perch/assets//index.js',
  'app://perch/%2fetc/hosts.json',
  'app://perch/C:/windows.png',
  'app://perch/.vite/manifest.json',
  'app://perch/a%00.js',
  'app://perch/%ff.js',
  'app://perch/main.mjs',
  'app://perch/index.js.map',
  'app://perch/constructor',
  'app://evil/index.html',
  'file:///index.html',
  'https://perch/index.html',
  '',
])('%s is nothing', (address) => {
  const file = fileOf(address);
  // The parser itself resolves plain `..`; what is left must stay inside.
  expect(file === undefined || file === 'main.mjs').toBe(true);
  expect(file).toBeUndefined();
});

test('the policy lets scripts and styles come from the window alone', () => {
  const policy = headersOf('index.html')['Content-Security-Policy'] ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|\*|https?:|blob:/);
  expect(headersOf('assets/a.js')['Content-Type']).toBe('text/javascript; charset=utf-8');
});
