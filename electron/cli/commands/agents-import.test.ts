import { expect, test } from 'vitest';
import type { Result } from '../../../shared/contract/methods.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { AgentDefinition } from '../../../shared/model/agent-definition.ts';
import { commandLine } from '../testing/command-line.ts';

const definition = (agentId: string): AgentDefinition => ({
  agentId,
  name: agentId,
  description: '',
  runs: { kind: 'program', command: ['x', '--acp'] },
  model: '',
  variables: {},
});
const FOUND: Result<'userAgents.importCandidates'> = {
  repository: 'open/repo',
  file: 'perch.toml',
  candidates: [
    { definition: definition('reviewer'), taken: false },
    { definition: definition('codex'), taken: true },
  ],
  leftOut: 2,
  problems: [],
};
const cli = (options: Parameters<typeof commandLine>[0] = {}, found = FOUND) =>
  commandLine({
    ...options,
    handlers: {
      'userAgents.importCandidates': async ({ source }) => {
        if (source !== 'open/repo') throw new PerchError('REPOSITORY_ADDRESS_WRONG');
        return found;
      },
      'userAgents.import': async ({ definitions }) => ({
        results: definitions.map(({ agentId }) => ({ outcome: 'added' as const, agentId })),
      }),
    },
  });
const taken = (made: ReturnType<typeof cli>) =>
  made.calls.flatMap(({ method, params }) =>
    method === 'userAgents.import'
      ? (params as { definitions: AgentDefinition[] }).definitions.map(({ agentId }) => agentId)
      : [],
  );

test('agents are shown, and those that are chosen by number are taken', async () => {
  const made = cli({ typed: ['1'] });
  expect(await made.run('agents', 'import', 'open/repo')).toBe(0);
  expect(taken(made)).toEqual(['reviewer']);
  const text = await made.out();
  for (const part of ['1. reviewer runs: x --acp', '2. codex', 'the id is taken', '2 other declarations']) {
    expect(text).toContain(part);
  }
});

test('the one that is taken gets another id', async () => {
  const made = cli({ typed: ['2'] });
  expect(await made.run('agents', 'import', 'open/repo', '--as', 'my-codex')).toBe(0);
  expect(taken(made)).toEqual(['my-codex']);
  const several = cli({ typed: ['1 2'] });
  expect(await several.run('agents', 'import', 'open/repo', '--as', 'mine')).toBe(2);
  expect(taken(several)).toEqual([]);
});

test('an empty answer takes nothing; without a terminal it takes --yes, and then no id that is taken', async () => {
  const none = cli({ typed: [''] });
  expect(await none.run('agents', 'import', 'open/repo')).toBe(0);
  expect(taken(none)).toEqual([]);
  const refused = cli({ input: '' });
  expect(await refused.run('agents', 'import', 'open/repo')).toBe(2);
  const done = cli({ input: '' });
  expect(await done.run('agents', 'import', 'open/repo', '--yes', '--json')).toBe(0);
  expect([taken(refused), taken(done)]).toEqual([[], ['reviewer']]);
  expect(JSON.parse(await done.out())).toMatchObject({ repository: 'open/repo', results: [{ outcome: 'added' }] });
});

test('a repository with a mistake, or without agents, says so', async () => {
  const problem = { line: 2, column: 1, reason: 'unknown-key', values: { key: 'shell' } };
  const broken = cli({ input: '' }, { ...FOUND, candidates: [], problems: [problem] });
  expect(await broken.run('agents', 'import', 'open/repo')).toBe(1);
  expect(await broken.out()).toContain('2:1 Perch does not know the key shell here.');
  const empty = cli({ input: '' }, { ...FOUND, candidates: [], leftOut: 0 });
  expect(await empty.run('agents', 'import', 'open/repo')).toBe(0);
  expect(await empty.out()).toContain('declares no agents');
  const wrong = cli({ input: '' });
  expect(await wrong.run('agents', 'import', 'nonsense')).toBe(1);
  expect(await wrong.err()).toContain('REPOSITORY_ADDRESS_WRONG');
});
