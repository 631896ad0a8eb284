import { expect, test } from 'vitest';
import { isLoopback } from './loopback.ts';

test.each([
  'localhost',
  'LOCALHOST',
  'localhost.',
  '127.0.0.1',
  '127.255.255.254',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '127.0.0.1.',
  '::1',
  '[::1]',
  '0:0:0:0:0:0:0:1',
  '::ffff:127.0.0.1',
  '[::ffff:7f00:1]',
])('%s is this machine', (host) => {
  expect(isLoopback(host)).toBe(true);
});

test.each([
  '',
  '0.0.0.0',
  '::',
  '[::]',
  '127.0.0.1.evil.com',
  'localhost.evil.com',
  'evil.localhost',
  'localhost:80@evil.com',
  'localhost/evil.com',
  'localhost evil',
  '128.0.0.1',
  '10.0.0.1',
  '169.254.169.254',
  '::ffff:10.0.0.1',
  '::2',
  'fe80::1',
  '1.0.0.127',
  'example.com',
])('%s is not', (host) => {
  expect(isLoopback(host)).toBe(false);
});
