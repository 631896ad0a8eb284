import { expect, test } from 'vitest';
import { canonicalException, compileExceptions } from './exceptions.ts';
import { canonicalHost } from './host-name.ts';

const parseHost = (text: string): string => URL.parse(`http://${text}`)?.hostname ?? '';

test.each([
  [' Example.COM ', 'example.com'],
  ['.example.com', '*.example.com'],
  ['*.example.com:8443', '*.example.com:8443'],
  ['10.0.0.0/8', '10.0.0.0/8'],
  ['0x7f.1', '127.0.0.1'],
  ['FD00::1', 'fd00::1'],
  ['[fd00::1]:80', '[fd00::1]:80'],
  ['*', '*'],
  ['', undefined],
  ['exam ple.com', undefined],
  ['http://example.com', undefined],
  ['*.10.0.0.1', undefined],
  ['10.0.0.0/99', undefined],
  ['example.com:0', undefined],
])('%j is kept as %j', (text, kept) => {
  expect(canonicalException(text, parseHost)).toBe(kept);
});

test.each([
  ['example.com', 'example.com', 443, true],
  ['example.com', 'a.example.com', 443, true],
  ['example.com', 'badexample.com', 443, false],
  ['*.example.com', 'example.com', 443, false],
  ['*.example.com', 'a.example.com', 443, true],
  ['example.com:8443', 'example.com', 443, false],
  ['example.com:8443', 'example.com', 8443, true],
  ['10.0.0.0/8', '10.1.2.3', 80, true],
  ['10.0.0.0/8', '11.1.2.3', 80, false],
  ['10.0.0.0/8', 'fd00::1', 80, false],
  ['fd00::/8', '[fd00::1]', 80, true],
  ['10.0.0.1', '10.0.0.1', 80, true],
  ['*', 'anything.test', 1, true],
])('%s lets %s:%i pass the proxy by: %s', (exception, text, port, passes) => {
  const host = canonicalHost(text, parseHost);
  if (host === undefined) throw new Error('no host');
  expect(compileExceptions([exception], parseHost)(host, port)).toBe(passes);
});

test('without an exception nothing does', () => {
  expect(compileExceptions([], parseHost)({ kind: 'name', name: 'example.com' }, 443)).toBe(false);
});
