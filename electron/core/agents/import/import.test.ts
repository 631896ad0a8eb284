import { afterEach, beforeEach, expect, test } from 'vitest';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { AgentDefinition } from '../../../../shared/model/agent-definition.ts';
import { systemClock } from '../../../node/clock.ts';
import { directFetch } from '../../network/testing/direct-fetch.ts';
import { createAgentImport } from './agent-import-service.ts';
import { createGitHub } from './github.ts';
import { type FakeGitHub, GOOD_TOKEN, startFakeGitHub } from './testing/github-server.ts';

const AGENTS = `
[agents.reviewer]
name = "Reviewer"
command = ["reviewer", "--acp"]

[agents.codex]
command = ["x"]

[variables]
LEFT = "out"
`;

let github: FakeGitHub;
let token: string | undefined;
let added: AgentDefinition[];

beforeEach(async () => {
  [token, added] = [undefined, []];
  github = await startFakeGitHub({
    'main:perch.toml': AGENTS,
    'feature/x:agents/perch.toml': AGENTS,
    'main:other/agents.toml': AGENTS,
    'broken:perch.toml': '[agents.x]\nshell = true\n',
    'large:perch.toml': '#'.repeat(300_000),
  });
});
afterEach(() => github.stop());

const create = (api = github.url) =>
  createAgentImport({
    readFile: createGitHub({ fetch: directFetch, clock: systemClock, api }),
    token: async () => token,
    judgement: () => ({
      isAgentTaken: (agentId) => agentId === 'codex',
      providersOf: () => undefined,
      isProvider: () => false,
      isRouting: () => false,
      isCredential: () => false,
      looksSecret: () => false,
    }),
    userAgents: {
      add(definition) {
        if (definition.agentId === 'codex') throw new PerchError('AGENT_ID_TAKEN', { agentId: 'codex' });
        added.push(definition);
      },
    },
  });
const look = (source: string) => create().candidates({ source });
const codeOf = (source: string, made = create()) =>
  made.candidates({ source }).then(
    () => 'found',
    (error: unknown) => (error instanceof PerchError ? error.code : String(error)),
  );

test('the agents of a public repository are shown, with those whose id is taken', async () => {
  const found = await look('open/repo');
  expect(found).toMatchObject({ repository: 'open/repo', file: 'perch.toml', leftOut: 1, problems: [] });
  expect(found.candidates.map(({ definition: { agentId }, taken }) => [agentId, taken])).toEqual([
    ['reviewer', false],
    ['codex', true],
  ]);
  expect(added).toEqual([]);
});

test.each([
  ['https://github.com/open/repo/tree/feature/x/agents', 'agents/perch.toml'],
  ['https://github.com/open/repo/blob/main/other/agents.toml', 'other/agents.toml'],
])('%s is looked into where it says', async (source, file) => {
  expect(await look(source)).toMatchObject({ file, candidates: [{}, {}] });
});

test('a repository without a file has nothing to offer, and one with a mistake says where', async () => {
  expect(await look('https://github.com/open/repo/tree/nothing')).toMatchObject({ candidates: [], problems: [] });
  const { problems } = await look('https://github.com/open/repo/tree/broken');
  expect(problems).toMatchObject([{ line: 2, column: 1, reason: 'unknown-key' }]);
});

test('each way to fail has a message of its own', async () => {
  expect(await codeOf('closed/repo')).toBe('GITHUB_NEEDS_TOKEN');
  expect(await codeOf('limited/repo')).toBe('GITHUB_RATE_LIMITED');
  expect(await codeOf('not an address')).toBe('REPOSITORY_ADDRESS_WRONG');
  expect(await codeOf('down/repo')).toBe('GITHUB_UNREACHABLE');
  expect(await codeOf('https://github.com/open/repo/tree/large')).toBe('GITHUB_UNREACHABLE');
  expect(await codeOf('open/repo', create('http://127.0.0.1:1'))).toBe('GITHUB_UNREACHABLE');
  token = GOOD_TOKEN;
  expect(await codeOf('closed/repo')).toBe('found');
  expect(await codeOf('nobody/repo')).toBe('GITHUB_NOT_FOUND');
  token = 'github_pat_rejected_0123456789abcdefghijklm';
  expect(await codeOf('open/repo')).toBe('GITHUB_TOKEN_REJECTED');
  await expect(look('limited/repo')).rejects.toMatchObject({ code: 'GITHUB_TOKEN_REJECTED' });
  token = undefined;
  await expect(look('limited/repo')).rejects.toMatchObject({ values: { until: '2027-01-15 08:00 UTC' } });
});

test('the token goes to the API and nowhere else, and no error repeats it', async () => {
  token = GOOD_TOKEN;
  expect(await codeOf('moved/repo')).toBe('GITHUB_NOT_FOUND');
  expect(github.requests).toEqual([{ path: '/repos/moved/repo', token: GOOD_TOKEN }]);
  for (const source of [
    'moved/repo',
    'nobody/repo',
    'down/repo',
    'limited/repo',
    `https://${GOOD_TOKEN}@github.com/a/b`,
  ]) {
    const error = await look(source).catch((failure: unknown) => failure);
    expect(JSON.stringify(error)).not.toContain(GOOD_TOKEN);
  }
});

test('what was chosen is taken; one that fails does not stop the others', async () => {
  const { candidates } = await look('open/repo');
  const definitions = candidates.map(({ definition }) => definition).reverse();
  expect(create().take({ definitions })).toEqual({
    results: [
      { outcome: 'failed', agentId: 'codex', error: { code: 'AGENT_ID_TAKEN', values: { agentId: 'codex' } } },
      { outcome: 'added', agentId: 'reviewer' },
    ],
  });
  expect(added.map(({ agentId }) => agentId)).toEqual(['reviewer']);
});
