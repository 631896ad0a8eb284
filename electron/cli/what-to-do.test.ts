import { expect, test } from 'vitest';
import { ERROR_CODES } from '../../shared/errors/codes.ts';
import { PerchError } from '../../shared/errors/perch-error.ts';
import { REMEDIES } from '../../shared/errors/remedies.ts';
import { describeError } from '../../shared/i18n/describe-error.ts';
import { parseArguments } from './arguments/parse.ts';
import { translatorFor } from './messages.ts';
import { commandLine } from './testing/command-line.ts';
import { commandAfter, commandsAfter, whatToDo } from './what-to-do.ts';

const t = translatorFor({ LANG: 'C' });
const ONLY_SENTENCES: ReadonlySet<string> = new Set([
  'correct',
  'again',
  'look-again',
  'restart-perch',
  'new-conversation',
]);

test.each(ERROR_CODES)('%s: a command that exists, or a sentence alone', (code) => {
  const command = commandAfter({ code, values: { providerId: 'openai', agentId: 'codex' } });
  expect(command === undefined).toBe(ONLY_SENTENCES.has(REMEDIES[code]));
  if (command !== undefined) expect(parseArguments(command.split(' ').slice(1)).kind).toBe('command');
});

test('the command is not said twice', () => {
  const values = { provider: 'OpenAI', providerId: 'openai', variable: 'OPENAI_API_KEY' };
  expect(whatToDo({ code: 'BYOK_CREDENTIAL_INVALID', values }, t)).toBeUndefined();
  expect(whatToDo({ code: 'AGENT_AUTHENTICATION_FAILED', values: {} }, t)).toBeUndefined();
  expect(whatToDo({ code: 'RUNNER_CRASH_LOOP', values: { count: 5 } }, t)).toBe(
    'What to do: perch logs runner --failure',
  );
});

test('no credit: the page where it is bought comes first, where it is known', () => {
  const values = { provider: 'OpenAI', providerId: 'openai' };
  const billingPage = 'https://platform.openai.com/billing';
  const plain = 'What to do: perch credentials set openai';
  expect(whatToDo({ code: 'PROVIDER_NO_CREDIT', values }, t)).toBe(plain);
  expect(whatToDo({ code: 'PROVIDER_NO_CREDIT', values: { ...values, billingPage } }, t)).toBe(
    `Add credit: ${billingPage}\n${plain}`,
  );
  expect(whatToDo({ code: 'PROVIDER_FORBIDDEN', values: { ...values, billingPage } }, t), 'control').toBe(plain);
});

test('where the agent can sign in by itself, that is named before the key', () => {
  const values = { agent: 'Codex', agentId: 'codex', provider: 'OpenAI', providerId: 'openai', variables: 'A' };
  const missing = { code: 'MISSING_BYOK_CREDENTIAL', values, details: { canSignIn: true } } as const;
  expect(commandsAfter(missing)).toEqual(['perch agents login codex', 'perch credentials set openai']);
  expect(describeError(missing, t)).toContain('perch agents login codex');
  expect(describeError(missing, t)).toContain('perch credentials set openai');
  expect(describeError({ ...missing, details: {} }, t), 'control').not.toContain('perch agents login');
  expect(commandsAfter({ ...missing, details: {} })).toEqual(['perch credentials set openai']);
  const refused = { ...missing, code: 'BYOK_CREDENTIAL_INVALID', values: { ...values, variable: 'A' } } as const;
  expect(whatToDo(refused, t)).toBe('What to do: perch agents login codex');
});

test('a choice of providers is one command for each', () => {
  const details = { agentId: 'opencode', choices: ['anthropic', 'openai'] };
  const commands = commandsAfter({ code: 'PROVIDER_UNDERIVABLE', values: { agentId: 'opencode' }, details });
  expect(commands).toEqual([
    'perch agents settings set opencode provider=anthropic',
    'perch agents settings set opencode provider=openai',
  ]);
  for (const command of commands) expect(parseArguments(command.split(' ').slice(1)).kind).toBe('command');
});

const refusing = () => ({
  'providers.list': async () => {
    throw new PerchError('KEYCHAIN_LOCKED');
  },
});

test('it follows the sentence on stderr', async () => {
  const cli = commandLine({ handlers: refusing() });
  expect(await cli.run('providers', 'list')).toBe(1);
  expect(await cli.err()).toBe(
    'The keychain is locked. Unlock it and try again. (KEYCHAIN_LOCKED)\nWhat to do: perch doctor\n',
  );
});

test('programs get the way out as data', async () => {
  const cli = commandLine({ handlers: refusing() });
  await cli.run('providers', 'list', '--json');
  expect(JSON.parse(await cli.out())).toMatchObject({ error: { remedy: 'keychain', command: 'perch doctor' } });
});
