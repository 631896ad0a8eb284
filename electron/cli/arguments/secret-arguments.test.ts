import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { referenceTo } from '../../../shared/mcp/references.ts';
import { loadProviders } from '../../core/providers/load.ts';
import { createTokenSense } from '../../core/providers/token-sense.ts';
import { parseArguments } from './parse.ts';
import { secretInArguments } from './secret-arguments.ts';

const resources = join(import.meta.dirname, '..', '..', '..', 'resources');
const looksSecret = createTokenSense(resources);
const TOKEN = `sk-ant-api03-${'aB3_'.repeat(23)}xAA`;

function problem(...argv: string[]) {
  const parsed = parseArguments(argv);
  if (parsed.kind !== 'command') throw new Error(JSON.stringify(parsed));
  return secretInArguments(parsed, looksSecret)?.key;
}

describe('a secret is refused wherever a command would keep it', () => {
  test.each<[string, string[]]>([
    ['secret-argument', ['variables', 'set', 'MY_API_KEY', 'abc']],
    ['secret-argument', ['variables', 'set', 'REGION', TOKEN]],
    ['secret-argument', ['variables', 'set', 'DATABASE_URL', 'postgres://ada:pw@db.example/x']],
    ['secret-variable', ['agents', 'add', 'mine', '--env', `MODE=${TOKEN}`, '--', 'node', 'x.mjs']],
    ['secret-variable', ['agents', 'add', 'mine', '--env', 'DB_PASSWORD=abc', '--', 'node', 'x.mjs']],
    ['secret-variable', ['agents', 'add', 'mine', '--', 'node', 'x.mjs', `--key=${TOKEN}`]],
    ['secret-variable', ['mcp', 'add', 'web', '--url', 'https://x.example', '--header', 'Authorization: Bearer abc']],
    ['secret-variable', ['mcp', 'add', 'web', '--url', `https://x.example/?t=${TOKEN}`]],
    ['secret-variable', ['mcp', 'add', 'web', '--env', 'GITHUB_TOKEN=abc', '--', 'npx', 'x']],
    ['secret-misplaced', ['agents', 'settings', 'set', 'codex', `instructions=Use ${TOKEN}.`]],
    ['secret-misplaced', ['providers', 'set', 'openai', '--base-url', 'https://me:pw@x.example/v1']],
    ['secret-misplaced', ['providers', 'set', 'openai', '--login-client-id', TOKEN]],
    ['secret-proxy', ['network', 'proxy', 'set', 'http://ada:pw@proxy.example:3128']],
    ['secret-proxy', ['network', 'proxy', 'set', 'http://proxy.example:3128', '--user', `ada:${TOKEN}`]],
  ])('%s: %s', (key, argv) => {
    expect(problem(...argv)).toBe(`cli.usage.${key}`);
  });

  test('each secret variable of each provider, by its name alone', () => {
    const names = [...loadProviders(resources).values()].flatMap(({ variables }) =>
      variables.filter(({ kind }) => kind !== 'plain').map(({ name }) => name),
    );
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => problem('variables', 'set', name, 'abc') === undefined)).toEqual([]);
  });
});

test.each([
  [['variables', 'set', 'REGION', 'north']],
  [['variables', 'set', 'MAX_TOKENS', '4096']],
  [['variables', 'set', 'MY_API_KEY']],
  [['mcp', 'add', 'web', '--url', 'https://x.example', '--header', `Authorization: Bearer ${referenceTo('NAME')}`]],
  [['mcp', 'add', 'web', '--env', `GITHUB_TOKEN=${referenceTo('GITHUB_TOKEN')}`, '--', 'npx', 'x']],
  [['network', 'proxy', 'set', 'http://proxy.example:3128', '--user', 'ada']],
  [['run', '--agent', 'demo', `What is ${TOKEN}?`]],
])('what is no secret, or only names one, is taken: %s', (argv) => {
  expect(problem(...argv)).toBeUndefined();
});
