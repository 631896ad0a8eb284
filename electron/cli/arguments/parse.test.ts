import { describe, expect, test } from 'vitest';
import { COMMAND_NAMES, COMMANDS, wordsOf } from './grammar.ts';
import { parseArguments } from './parse.ts';
import { parseScope } from './scope.ts';

const parse = (line: string) => parseArguments(line.split(' ').filter((word) => word !== ''));
const problemOf = (argv: readonly string[]) => {
  const parsed = parseArguments(argv);
  return parsed.kind === 'usage' ? parsed.problem : parsed;
};

describe('commands', () => {
  test.each([
    ['doctor', 'doctor', {}, []],
    ['doctor --json', 'doctor', { json: true }, []],
    ['agents', 'agents', {}, []],
    ['agents list --json', 'agentsList', { json: true }, []],
    ['credentials set openai', 'credentialsSet', {}, ['openai']],
    ['credentials set --scope agent:codex openai', 'credentialsSet', { scope: 'agent:codex' }, ['openai']],
    ['credentials list', 'credentialsList', {}, []],
    ['credentials check openai --json', 'credentialsCheck', { json: true }, ['openai']],
    ['credentials remove openai --variable X', 'credentialsRemove', { variable: 'X' }, ['openai']],
    ['env --agent demo --project .', 'env', { agent: 'demo', project: '.' }, []],
    ['run --agent demo hello', 'run', { agent: 'demo' }, ['hello']],
    ['run hello --agent=demo --json', 'run', { agent: 'demo', json: true }, ['hello']],
    ['run --agent demo -', 'run', { agent: 'demo' }, ['-']],
    ['run --agent demo -- --help', 'run', { agent: 'demo' }, ['--help']],
    ['logs', 'logs', {}, []],
    ['logs core --follow', 'logs', { follow: true }, ['core']],
    [
      'providers set openai --base-url http://127.0.0.1:1',
      'providersSet',
      { 'base-url': 'http://127.0.0.1:1' },
      ['openai'],
    ],
    ['providers reset openai', 'providersReset', {}, ['openai']],
  ])('perch %s', (line, command, values, operands) => {
    expect(parse(line)).toEqual({ kind: 'command', command, values, operands });
  });

  test('a prompt is one argument, whatever is in it', () => {
    expect(parseArguments(['run', '--agent', 'demo', 'say --help and run'])).toMatchObject({
      operands: ['say --help and run'],
    });
  });
});

describe('help and version', () => {
  test.each(['', '--help', '-h', '--help --version'])('perch %s', (line) => {
    expect(parse(line)).toEqual({ kind: 'help' });
  });
  test('of a command, whatever else is missing or wrong', () => {
    for (const command of COMMAND_NAMES) {
      expect(parse(`${wordsOf(command)} --help`), command).toEqual({ kind: 'help', command });
    }
    expect(parse('run --nonsense --help')).toEqual({ kind: 'help', command: 'run' });
  });
  test('perch help says the same, of all, of a command and of those that begin alike', () => {
    expect(parse('help')).toEqual({ kind: 'help' });
    for (const command of COMMAND_NAMES) {
      expect(parse(`help ${wordsOf(command)}`), command).toEqual({ kind: 'help', command });
    }
    for (const line of ['help credentials', 'credentials --help', 'credentials -h']) {
      expect(parse(line)).toEqual({ kind: 'help', family: ['credentials'] });
    }
    expect(parse('help network proxy')).toEqual({ kind: 'help', family: ['network', 'proxy'] });
    expect(parse('help rnu')).toMatchObject({ problem: { key: 'cli.usage.unknown-command-near' } });
  });
  test('perch --version', () => expect(parse('--version')).toEqual({ kind: 'version' }));
});

describe('usage problems', () => {
  test.each([
    ['docter', 'unknown-command-near', { word: 'docter', near: 'doctor' }],
    ['frobnicate', 'unknown-command', { word: 'frobnicate' }],
    [
      'credentials',
      'incomplete-command',
      {
        command: 'credentials',
        choices: 'set, login, import, list, check, remove, use, sessions, restart, renew, orphans, trail',
      },
    ],
    ['credentials orphans', 'incomplete-command', { command: 'credentials orphans', choices: 'list, remove' }],
    ['credentials lsit', 'unknown-command-near', { word: 'credentials lsit', near: 'credentials list' }],
    [
      'credentials sk-ant-something-secret',
      'incomplete-command',
      {
        command: 'credentials',
        choices: 'set, login, import, list, check, remove, use, sessions, restart, renew, orphans, trail',
      },
    ],
    ['--json', 'no-command', {}],
    ['run hello', 'missing-option', { option: '--agent' }],
    ['credentials set', 'missing-operand', { operand: 'PROVIDER' }],
    ['run --agent', 'needs-value', { option: '--agent' }],
    ['run --agent --json', 'needs-value', { option: '--agent' }],
    ['run --agent= x', 'needs-value', { option: '--agent' }],
    ['doctor --json=yes', 'takes-no-value', { option: '--json' }],
    ['doctor --jsno', 'unknown-option-near', { word: '--jsno', near: '--json' }],
    ['doctor -x', 'unknown-option', { word: '-x' }],
    ['doctor --agent demo', 'unknown-option', { word: '--agent' }],
    ['run --agent demo hello world', 'unquoted-prompt', {}],
    ['doctor now', 'too-many-operands', { command: 'doctor' }],
  ])('perch %s', (line, key, values) => {
    expect(problemOf(line.split(' '))).toEqual({ key: `cli.usage.${key}`, values });
  });

  test.each([
    [['credentials', 'set', 'openai', 'sk-secret']],
    [['credentials', 'set', 'openai', '--value', 'sk-secret']],
    [['credentials', 'set', 'openai', '--value=sk-secret']],
    [['credentials', 'set', 'openai', '--anything=sk-secret']],
    [['credentials', 'set', '--token', 'sk-secret', 'openai']],
  ])('a secret among the arguments is refused and not repeated: %j', (argv) => {
    expect(problemOf(argv)).toEqual({ key: 'cli.usage.secret-in-arguments', values: {} });
  });
});

test('every command knows its own option', () => {
  for (const name of COMMAND_NAMES) {
    const { needs, options } = COMMANDS[name];
    for (const need of needs) expect(options).toContain(need);
  }
});

test.each([
  ['global', { kind: 'global' }],
  ['project', { kind: 'project', projectDir: '/here' }],
  ['project:sub', { kind: 'project', projectDir: '/here/sub' }],
  ['project:/else:where', { kind: 'project', projectDir: '/else:where' }],
  ['agent:codex', { kind: 'agent', agentId: 'codex' }],
  ['agent:', undefined],
  ['agent:Not An Id', undefined],
  ['project:', undefined],
  ['everywhere', undefined],
  ['global:x', undefined],
])('scope %s', (text, scope) => {
  expect(parseScope(text, '/here')).toEqual(scope);
});
