import { expect, test } from 'vitest';
import { findTrayHost, opensWindowAtStart, readAnswer } from './host.ts';

test.each([
  ['(true,)\n', 'present'],
  ['(false,)\n', 'absent'],
  ['', 'unknown'],
  ['Error: something', 'unknown'],
])('%o is %s', (stdout, host) => expect(readAnswer(stdout)).toBe(host));

test('the window opens by itself unless a tray is sure to show', () => {
  expect(opensWindowAtStart('present')).toBe(false);
  expect(opensWindowAtStart('absent')).toBe(true);
  expect(opensWindowAtStart('unknown')).toBe(true);
});

test('only Linux is asked; without a bus to ask the answer is unknown', async () => {
  const environment = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere/bus', PATH: '/usr/bin:/bin' };
  expect(await findTrayHost({ platform: 'darwin', environment })).toBe('present');
  expect(await findTrayHost({ platform: 'linux', environment })).toBe('unknown');
  expect(await findTrayHost({ platform: 'linux', environment: { PATH: '/nowhere' } })).toBe('unknown');
});
