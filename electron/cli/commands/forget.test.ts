import { expect, test } from 'vitest';
import type { ForgetList } from '../../../shared/model/forget.ts';
import { commandLine } from '../testing/command-line.ts';

const LIST: ForgetList = {
  credentials: [
    {
      credentialId: '7b0f6f0e-4f0e-4c46-9d6a-0d8a4ff5a001',
      providerId: 'openai',
      variable: 'OPENAI_API_KEY',
      scope: { kind: 'project', projectDir: '/projects/here/it' },
      storage: 'keychain',
      masked: '••••••••6789',
      createdAt: 1,
      updatedAt: 1,
      status: 'ok',
    },
  ],
  leftovers: 1,
  conversations: 2,
  allowedHosts: 0,
  mcpServers: 0,
  variables: 0,
  settings: true,
  folders: [{ path: '/data', bytes: 2_000_000 }],
};
const OTHERS = { orphans: [{ installationId: 'x', dataDir: '/gone', items: 3 }], unchecked: [] };
const cli = (options: Parameters<typeof commandLine>[0] = {}) => {
  const answer = async () => ({ list: LIST });
  return commandLine({
    ...options,
    handlers: { 'keychain.orphans': async () => OTHERS, 'forget.list': answer, 'forget.carryOut': answer },
  });
};
const carriedOut = (made: ReturnType<typeof cli>) =>
  made.calls.filter(({ method }) => method === 'forget.carryOut').map(({ params }) => params);

test('a project is forgotten after the list was shown and the word typed', async () => {
  const made = cli({ typed: ['forget'] });
  expect(await made.run('projects', 'forget', 'it')).toBe(0);
  expect(carriedOut(made)).toEqual([{ target: { kind: 'project', projectDir: '/projects/here/it' } }]);
  const text = await made.out();
  expect(text).toContain('OPENAI_API_KEY');
  expect(text).toContain('/data (2.0 MB)');
  expect(text).toContain('Its files are where they were');
});

test.each(['', 'yes'])('%j is not the word: nothing goes', async (answer) => {
  const made = cli({ typed: [answer] });
  expect(await made.run('forget', '--everything')).toBe(1);
  expect(carriedOut(made)).toEqual([]);
});

test('without a terminal it takes --yes; JSON alone only lists', async () => {
  const refused = cli({ input: '' });
  expect(await refused.run('forget', '--everything')).toBe(2);
  const listed = cli({ input: '' });
  expect(await listed.run('forget', '--everything', '--json')).toBe(0);
  expect(JSON.parse(await listed.out())).toEqual({ list: LIST, forgotten: false, others: OTHERS });
  expect([carriedOut(refused), carriedOut(listed)]).toEqual([[], []]);
  const done = cli({ input: '' });
  expect(await done.run('forget', '--everything', '--yes', '--json')).toBe(0);
  expect(carriedOut(done)).toEqual([{ target: { kind: 'everything' } }]);
});

test('forget alone is refused: what is forgotten has to be said', async () => {
  const made = cli();
  expect(await made.run('forget')).toBe(2);
  expect(made.calls).toEqual([]);
});
