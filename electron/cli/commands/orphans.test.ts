import { expect, test } from 'vitest';
import { commandLine } from '../testing/command-line.ts';

const FOUND = {
  orphans: [
    { installationId: 'a', dataDir: '/gone/one', items: 3 },
    { installationId: 'b', dataDir: '/gone/two', items: 1 },
  ],
  unchecked: [{ installationId: 'c', dataDir: '/media/disk', reason: 'EACCES' }],
};
const cli = (options: Parameters<typeof commandLine>[0] = {}) =>
  commandLine({
    ...options,
    handlers: { 'keychain.orphans': async () => FOUND, 'keychain.removeOrphans': async () => ({ items: 4 }) },
  });
const removed = (made: ReturnType<typeof cli>) =>
  made.calls.filter(({ method }) => method === 'keychain.removeOrphans').map(({ params }) => params);

test('what is left behind is listed, and what could not be looked at is said', async () => {
  const made = cli();
  expect(await made.run('credentials', 'orphans', 'list')).toBe(0);
  expect(await made.out()).toContain('/gone/one');
  expect(await made.err()).toContain('could not check /media/disk and leaves it alone (EACCES)');
  const json = cli();
  expect(await json.run('credentials', 'orphans', 'list', '--json')).toBe(0);
  expect(JSON.parse(await json.out())).toEqual(FOUND);
});

test('it goes after the word was typed, all or those of one', async () => {
  const made = cli({ typed: ['remove'] });
  expect(await made.run('credentials', 'orphans', 'remove')).toBe(0);
  expect(removed(made)).toEqual([{ installationIds: ['a', 'b'] }]);
  const one = cli({ typed: ['remove'] });
  expect(await one.run('credentials', 'orphans', 'remove', 'b')).toBe(0);
  expect(removed(one)).toEqual([{ installationIds: ['b'] }]);
  const no = cli({ typed: ['yes'] });
  expect(await no.run('credentials', 'orphans', 'remove')).toBe(1);
  const unknown = cli({ typed: ['remove'] });
  expect(await unknown.run('credentials', 'orphans', 'remove', 'c')).toBe(1);
  expect([removed(no), removed(unknown)]).toEqual([[], []]);
});

test('without a terminal it takes --yes; JSON alone only lists', async () => {
  const refused = cli({ input: '' });
  expect(await refused.run('credentials', 'orphans', 'remove')).toBe(2);
  const listed = cli({ input: '' });
  expect(await listed.run('credentials', 'orphans', 'remove', '--json')).toBe(0);
  expect(JSON.parse(await listed.out())).toEqual({ ...FOUND, removed: 0 });
  const done = cli({ input: '' });
  expect(await done.run('credentials', 'orphans', 'remove', '--yes', '--json')).toBe(0);
  expect([removed(refused), removed(listed), removed(done)]).toEqual([[], [], [{ installationIds: ['a', 'b'] }]]);
});
