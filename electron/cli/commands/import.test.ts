import { describe, expect, test } from 'vitest';
import type { CoreHandlers } from '../../../shared/contract/methods.ts';
import type { ImportCandidate } from '../../../shared/model/credential-import.ts';
import { commandLine } from '../testing/command-line.ts';
import { numbersIn } from './import-choice.ts';

const id = (number: number) => `7b0f6f0e-4f0e-4c46-9d6a-0d8a4ff5a00${number}`;
const FREE: ImportCandidate = {
  candidateId: id(1),
  providerId: 'openai',
  variable: 'OPENAI_API_KEY',
  masked: '••••••••6789',
  source: '/projects/here/.env',
  findings: [{ key: 'paste.other-provider', level: 'warn', values: { other: 'Anthropic', provider: 'OpenAI' } }],
  alreadyStored: [{ kind: 'agent', agentId: 'codex' }],
  importable: true,
};
const STORED: ImportCandidate = {
  ...FREE,
  candidateId: id(2),
  variable: 'XAI_API_KEY',
  providerId: 'xai',
  findings: [],
  alreadyStored: [{ kind: 'global' }],
};
const { variable: _, ...unnamed } = FREE;
const LOGIN: ImportCandidate = {
  ...unnamed,
  candidateId: id(3),
  findings: [],
  importable: false,
  why: 'login',
  agentId: 'codex',
};

function cli(options: Parameters<typeof commandLine>[0] = {}, candidates = [FREE, LOGIN, STORED]) {
  const handlers: Partial<CoreHandlers> = {
    'credentials.importCandidates': async () => ({ candidates, others: 2, problems: [] }),
    'credentials.import': async ({ candidateIds, scope, storage }) => ({
      results: candidateIds.map((candidateId) => ({
        outcome: 'stored',
        candidateId,
        replaced: false,
        credential: {
          credentialId: id(9),
          providerId: 'openai',
          variable: 'OPENAI_API_KEY',
          scope,
          storage,
          masked: '••••••••6789',
          createdAt: 1,
          updatedAt: 1,
          status: 'ok',
        },
      })),
    }),
    ...options.handlers,
  };
  return commandLine({ ...options, handlers });
}
const taken = (made: ReturnType<typeof cli>) => made.calls.filter(({ method }) => method === 'credentials.import');

describe('on a terminal', () => {
  test('the masked list is shown, and what was chosen is taken over', async () => {
    const made = cli({ typed: ['9', 'x', '2, 1'] });
    expect(await made.run('credentials', 'import', '.env', '--scope', 'project')).toBe(0);
    expect(made.calls[0]).toEqual({
      method: 'credentials.importCandidates',
      params: { source: { kind: 'file', path: '/projects/here/.env' } },
    });
    const scope = { kind: 'project', projectDir: '/projects/here' };
    expect(taken(made)[0]?.params).toEqual({ candidateIds: [id(1), id(2)], scope, storage: 'keychain' });
    const text = await made.out();
    expect(text).toMatch(/^1 +openai +OPENAI_API_KEY +••••••••6789 +\/projects\/here\/\.env$/m);
    expect(text).toMatch(/^ +openai +••••••••6789 .*keeps sign-ins apart$/m);
    expect(text).toContain('What to do: perch agents login codex\n');
    expect(text).toContain('1  This looks like a token of Anthropic, not of OpenAI.');
    expect(text).toContain('Stored: OPENAI_API_KEY for openai');
    expect(made.state.questions).toHaveLength(3);
  });

  test.each(['', ' '])('%j takes nothing', async (answer) => {
    const made = cli({ typed: [answer] });
    expect(await made.run('credentials', 'import', '--shell')).toBe(0);
    expect(taken(made)).toEqual([]);
  });

  test('all leaves what is stored as it is', async () => {
    const made = cli({ typed: ['ALL'] });
    await made.run('credentials', 'import', '--agents');
    expect(taken(made)[0]?.params).toMatchObject({ candidateIds: [id(1)] });
    expect(await made.out()).toMatch(/^2 +xai .*already stored; importing replaces it$/m);
  });

  test('nothing found is said, and nothing is asked', async () => {
    const made = cli({}, []);
    expect(await made.run('credentials', 'import', '.env')).toBe(0);
    expect(await made.out()).toContain('no credential of a provider');
    expect(made.state.questions).toEqual([]);
  });
});

describe('without one', () => {
  test('nothing is taken over without --yes', async () => {
    const made = cli({ input: '1\n' });
    expect(await made.run('credentials', 'import', '.env')).toBe(2);
    expect(await made.err()).toContain('Add --yes');
    expect(taken(made)).toEqual([]);
  });

  test('--yes takes all that is not stored there, from every source', async () => {
    const made = cli({ input: '' });
    expect(await made.run('credentials', 'import', 'a.env', '--shell', '--agents', '--yes')).toBe(0);
    const kinds = made.calls.slice(0, 3).map(({ params }) => (params as { source: { kind: string } }).source.kind);
    expect(kinds).toEqual(['file', 'shell', 'agents']);
    expect(taken(made)[0]?.params).toMatchObject({ candidateIds: [id(1), id(1), id(1)], scope: { kind: 'global' } });
    expect(await made.err()).toContain('left what is already stored');
  });

  test('--json alone lists; with --yes it takes over', async () => {
    const list = cli();
    expect(await list.run('credentials', 'import', '.env', '--json')).toBe(0);
    expect(JSON.parse(await list.out())).toEqual({
      candidates: [FREE, LOGIN, STORED],
      others: 2,
      problems: [],
      results: [],
    });
    const made = cli();
    expect(await made.run('credentials', 'import', '.env', '--json', '--yes')).toBe(0);
    expect(JSON.parse(await made.out())).toMatchObject({ results: [{ outcome: 'stored', candidateId: id(1) }] });
    expect(list.state.questions).toEqual([]);
  });
});

test('a problem is a sentence, and ends with 1 when nothing was taken', async () => {
  const problem = { code: 'IMPORT_SHELL_TIMEOUT' as const, values: { shell: '/bin/zsh', seconds: 5 } };
  const handlers: Partial<CoreHandlers> = {
    'credentials.importCandidates': async () => ({ candidates: [], others: 0, problems: [problem] }),
  };
  const made = cli({ handlers });
  expect(await made.run('credentials', 'import', '--shell')).toBe(1);
  expect(await made.err()).toMatch(
    /could not check your login shell: \/bin\/zsh did not answer within 5 s.*\(IMPORT_SHELL_TIMEOUT\)/,
  );
  const json = cli({ handlers });
  expect(await json.run('credentials', 'import', '--shell', '--json')).toBe(1);
  expect(JSON.parse(await json.out())).toMatchObject({
    problems: [{ code: 'IMPORT_SHELL_TIMEOUT', message: expect.stringContaining('/bin/zsh') }],
  });
});

test('one that was not stored is said by name', async () => {
  const handlers: Partial<CoreHandlers> = {
    'credentials.import': async ({ candidateIds: [candidateId = ''] }) => ({
      results: [{ outcome: 'failed', candidateId, error: { code: 'KEYCHAIN_LOCKED', values: {} } }],
    }),
  };
  const made = cli({ handlers });
  expect(await made.run('credentials', 'import', '.env', '--yes')).toBe(1);
  expect(await made.err()).toMatch(/^OPENAI_API_KEY: The keychain is locked/);
});

test.each([
  [['credentials', 'import'], 'Say where to search'],
  [['credentials', 'import', '.env', '--scope', 'x'], '--scope is'],
  [['credentials', 'import', 'a', 'b'], 'unexpected argument'],
])('%j is refused before anything is looked at', async (argv, sentence) => {
  const made = cli();
  expect(await made.run(...argv)).toBe(2);
  expect(await made.err()).toContain(sentence);
  expect(made.calls).toEqual([]);
});

test.each([
  ['', []],
  ['1', [1]],
  ['1,3 2', [1, 2, 3]],
  ['2 2', [2]],
  ['0', undefined],
  ['4', undefined],
  ['one', undefined],
  ['-1', undefined],
])('numbers in %j', (typed, numbers) => {
  const found = numbersIn(typed, 3);
  expect(found && [...found].sort()).toEqual(numbers);
});
