import { expect, test } from 'vitest';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { DeclarationView } from '../../../shared/model/declaration.ts';
import { commandLine } from '../testing/command-line.ts';

const VIEW: DeclarationView = {
  projectDir: '/projects/here',
  file: '/projects/here/perch.toml',
  state: 'untrusted',
  stamp: 'abc',
  problems: [],
  news: [],
  content: {
    agents: [
      {
        agentId: 'reviewer',
        name: 'R',
        description: '',
        runs: { kind: 'program', command: ['node', 'a.mjs\n\u001b[2J'] },
        model: '',
        variables: {},
      },
    ],
    models: [],
    endpoints: [
      { providerId: 'openai', baseUrl: 'https://gw.example/v1', origin: 'https://gw.example', confirmed: false },
    ],
    variables: [{ name: 'DEPTH', value: '3' }],
    secrets: [{ name: 'OPENAI_API_KEY', reference: 'op://Work/OpenAI/key' }],
  },
};

const cli = (options: Parameters<typeof commandLine>[0] = {}, view: DeclarationView | null = VIEW) => {
  let now = view;
  const answer = () => (now === null ? {} : { declaration: now });
  return commandLine({
    ...options,
    handlers: {
      'declarations.get': async () => answer(),
      'declarations.trust': async ({ stamp }) => {
        if (stamp !== VIEW.stamp) throw new PerchError('DECLARATION_CHANGED', { directory: '/projects/here' });
        now = { ...VIEW, state: 'in-effect' };
        return { declaration: now };
      },
      'declarations.distrust': async () => answer(),
      'declarations.confirmEndpoint': async () => ({ declaration: VIEW }),
    },
  });
};
const called = (made: ReturnType<typeof cli>) =>
  made.calls.map(({ method }) => method).filter((method) => method !== 'declarations.get');

test('a folder is trusted after all that its file does was shown, and the word typed', async () => {
  const made = cli({ typed: ['trust'] });
  expect(await made.run('trust')).toBe(0);
  expect(called(made)).toEqual(['declarations.trust']);
  const text = await made.out();
  for (const part of ['reviewer', 'node a.mjs', 'DEPTH=3', 'op://Work/OpenAI/key', 'https://gw.example/v1']) {
    expect(text).toContain(part);
  }
  // What somebody else wrote does not steer the terminal.
  expect(text).not.toContain('\u001b[2J');
  expect(text).toContain('perch trust --origin https://gw.example');
});

test.each(['', 'yes', 'y'])('%j is not the word: nothing is trusted', async (answer) => {
  const made = cli({ typed: [answer] });
  expect(await made.run('projects', 'trust', '.')).toBe(1);
  expect(called(made)).toEqual([]);
});

test('without a terminal it takes --yes; JSON alone only shows', async () => {
  const refused = cli({ input: '' });
  expect(await refused.run('trust')).toBe(2);
  const shown = cli({ input: '' });
  expect(await shown.run('trust', '--json')).toBe(0);
  expect(JSON.parse(await shown.out())).toEqual({ declaration: VIEW });
  expect([called(refused), called(shown)]).toEqual([[], []]);
  const done = cli({ input: '' });
  expect(await done.run('trust', '--yes', '--json')).toBe(0);
  expect(called(done)).toEqual(['declarations.trust']);
});

test('an origin is confirmed only by its name', async () => {
  const other = cli({ input: '' });
  expect(await other.run('trust', '--yes', '--origin', 'https://other.example')).toBe(0);
  expect(called(other)).toEqual(['declarations.trust']);
  const made = cli({ input: '' });
  expect(await made.run('trust', '--yes', '--origin', 'https://gw.example')).toBe(0);
  expect(called(made)).toEqual(['declarations.trust', 'declarations.confirmEndpoint']);
});

test('a file that is not understood is told with its places, and is not trusted', async () => {
  const problem = { line: 3, column: 5, reason: 'no-such-agent', values: { agentId: 'nobody' } };
  const { content: _, ...rest } = VIEW;
  const made = cli({ input: '' }, { ...rest, state: 'invalid', problems: [problem] });
  expect(await made.run('trust', '--yes')).toBe(1);
  expect(called(made)).toEqual([]);
  expect(await made.out()).toContain('3:5 nobody is not an agent that comes with Perch.');
});

test('where nothing is declared there is nothing to trust; trust is taken back without a question', async () => {
  const made = cli({ input: '' }, null);
  expect(await made.run('trust', import.meta.dirname)).toBe(0);
  expect(await made.out()).toContain(`${import.meta.dirname} has no perch.toml`);
  expect(await made.run('projects', 'distrust')).toBe(0);
  expect(called(made)).toEqual(['declarations.distrust']);
});

test('a folder that is not there is no answer', async () => {
  for (const words of [
    ['trust', '/nowhere/at/all'],
    ['projects', 'distrust', '/nowhere/at/all'],
  ]) {
    const made = cli({ input: '' });
    expect(await made.run(...words, '--json')).toBe(1);
    expect(JSON.parse(await made.out())).toMatchObject({ error: { code: 'PROJECT_NOT_FOUND' } });
    expect(called(made)).toEqual([]);
  }
});

test('a program in a terminal is a program, and no variant', async () => {
  const [agent] = VIEW.content?.agents ?? [];
  const runs = { kind: 'terminal' as const, command: ['top', '-b'] };
  const agents = agent === undefined ? [] : [{ ...agent, runs }];
  const content = { models: [], endpoints: [], variables: [], secrets: [], agents };
  const made = cli({ typed: [''] }, { ...VIEW, content });
  await made.run('trust');
  expect(await made.out()).toContain('agent reviewer runs: top -b');
});

test('what is agreed to is shown whole, however long it is', async () => {
  const [agent] = VIEW.content?.agents ?? [];
  const runs = { kind: 'program' as const, command: ['node', 'x'.repeat(2000), '--and-this-too'] };
  const agents = agent === undefined ? [] : [{ ...agent, runs }];
  const content = { models: [], endpoints: [], variables: [], secrets: [], agents };
  const made = cli({ typed: [''] }, { ...VIEW, content });
  await made.run('trust');
  expect(await made.out()).toContain('--and-this-too');
});
