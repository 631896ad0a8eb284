import { expect, test } from 'vitest';
import { type Judgement, readDeclaration } from './read.ts';

const judgement: Judgement = {
  isAgentTaken: (agentId) => agentId === 'codex',
  providersOf: (agentId) => (agentId === 'codex' ? ['openai'] : undefined),
  isProvider: (providerId) => ['openai', 'anthropic'].includes(providerId),
  isRouting: (name) => name === 'OPENAI_BASE_URL',
  isCredential: (name) => name === 'OPENAI_API_KEY',
  looksSecret: (text) => text.includes('sk-proj-'),
};

const problems = (text: string) => {
  const read = readDeclaration(text, judgement);
  if (!('problems' in read)) throw new Error('it was understood');
  return read.problems.map(({ line, column, reason }) => `${line}:${column} ${reason}`);
};

test('a file is read whole', () => {
  const text = `
[agents.reviewer]
name = "Reviewer"
command = ["node", "agent.mjs"]
provider = "openai"
model = "m-1"
variables = { DEPTH = "3" }

[agents.careful]
base = "codex"

[models]
codex = "m-2"

[providers.openai]
base-url = "https://gateway.example.com/v1/"

[variables]
LOG_LEVEL = "debug"

[secrets]
OPENAI_API_KEY = "op://Work place/OpenAI/credential"
`;
  expect(readDeclaration(text, judgement)).toEqual({
    declared: {
      agents: [
        {
          agentId: 'reviewer',
          name: 'Reviewer',
          description: '',
          runs: { kind: 'program', command: ['node', 'agent.mjs'] },
          providerId: 'openai',
          model: 'm-1',
          variables: { DEPTH: '3' },
        },
        {
          agentId: 'careful',
          name: 'careful',
          description: '',
          runs: { kind: 'variant', of: 'codex' },
          model: '',
          variables: {},
        },
      ],
      models: new Map([['codex', 'm-2']]),
      endpoints: new Map([['openai', 'https://gateway.example.com/v1']]),
      variables: new Map([['LOG_LEVEL', 'debug']]),
      secrets: new Map([['OPENAI_API_KEY', 'op://Work place/OpenAI/credential']]),
    },
  });
});

test.each([
  ['a = ', '1:5 syntax'],
  ['[agents.x]\nbase = "codex"\nbase = "codex"', '3:1 syntax'],
  ['[agents.x]\nbase = "codex"\n__proto__ = { command = ["sh"] }', '3:1 syntax'],
  ['[agent.x]\nbase = "codex"', '1:2 unknown-key'],
  ['[agents.x]\nbase = "codex"\nshell = true', '3:1 unknown-key'],
  ['[agents.x]\nname = 3\nbase = "codex"', '2:1 wrong-type'],
  ['[agents."Not An Id"]\nbase = "codex"', '1:9 wrong-name'],
  ['[agents.codex]\ncommand = ["x"]', '1:9 agent-taken'],
  ['[agents.x]\nname = "neither"', '1:9 command-or-base'],
  ['[agents.x]\nbase = "codex"\ncommand = ["x"]', '1:9 command-or-base'],
  ['[agents.x]\nbase = "nobody"', '2:1 no-such-agent'],
  ['[agents.x]\nbase = "codex"\nprovider = "nobody"', '3:1 no-such-provider'],
  ['[agents.x]\nbase = "codex"\nprovider = "anthropic"', '3:1 provider-unsupported'],
  ['[agents.x]\ncommand = []', '2:1 wrong-value'],
  ['[providers.nobody]\nbase-url = "https://x.example"', '1:12 no-such-provider'],
  ['[providers.openai]\nbase-url = "http://x.example"', '2:1 no-endpoint'],
  ['[variables]\nPATH = "/tmp"', '2:1 variable-VARIABLE_RESERVED'],
  ['[variables]\nOPENAI_BASE_URL = "https://x.example"', '2:1 variable-VARIABLE_OF_PROVIDER'],
  ['[variables]\nOPENAI_API_KEY = "x"', '2:1 variable-VARIABLE_OF_PROVIDER'],
  ['[agents.x]\nbase = "codex"\nvariables = { NODE_OPTIONS = "-r x" }', '3:15 variable-VARIABLE_RESERVED'],
  ['[secrets]\nLD_PRELOAD = "env:X"', '2:1 variable-VARIABLE_RESERVED'],
  ['[[agents]]\nbase = "codex"', '1:3 wrong-type'],
  ['[models]\ncodex = "a\\nb"', '2:1 wrong-value'],
  ['[secrets]\nTOKEN = "hunter2"', '2:1 no-reference'],
  ['[secrets]\nTOKEN = "op://vault"', '2:1 no-reference'],
  ['[secrets]\nTOKEN = "pass:../../x"', '2:1 no-reference'],
  ['[secrets]\nTOKEN = "pass:a/../../x"', '2:1 no-reference'],
])('%j is refused at its place', (text, problem) => {
  expect(problems(text)).toEqual([problem]);
});

test('a value that looks like a secret is refused wherever it stands, and repeated nowhere', () => {
  const secret = 'sk-proj-canary-0123456789';
  for (const text of [
    `[variables]\nNOTE = "${secret}"`,
    `[agents.x]\ncommand = ["x", "--key=${secret}"]`,
    `[secrets]\nOPENAI_API_KEY = "${secret}"`,
    `[agents.x]\nmodel = "${secret}"\nbase = 3`,
    `[variables]\n"${secret}" = "x"`,
    `[variables]\nDB_PASSWORD = "hunter2"`,
    `[agents.x]\nbase = "codex" # was ${secret}`,
    `\n#${secret}`,
  ]) {
    const read = readDeclaration(text, judgement);
    expect(read).toMatchObject({
      problems: expect.arrayContaining([expect.objectContaining({ reason: 'secret', line: 2 })]),
    });
    expect(JSON.stringify(read)).not.toContain('canary');
    expect(JSON.stringify(read)).not.toContain('hunter2');
  }
});

test('all problems are told at once, in the order of the file', () => {
  expect(problems('[models]\ncodex = 3\n\n[agents.x]\nbase = 4')).toEqual(['2:1 wrong-type', '5:1 wrong-type']);
});

test('a byte order mark and the line ends of Windows change nothing', () => {
  expect(readDeclaration('\uFEFF[models]\r\ncodex = "m"\r\n', judgement)).toMatchObject({
    declared: { models: new Map([['codex', 'm']]) },
  });
  expect(problems('\uFEFF[models]\r\ncodex = 3\r\n')).toEqual(['2:1 wrong-type']);
});
