import { expect, test } from 'vitest';
import { ERROR_CODES } from '../../shared/errors/codes.ts';
import { PerchError } from '../../shared/errors/perch-error.ts';
import { REMEDIES } from '../../shared/errors/remedies.ts';
import { parseArguments } from './arguments/parse.ts';
import { translatorFor } from './messages.ts';
import { commandLine } from './testing/command-line.ts';
import { commandAfter, whatToDo } from './what-to-do.ts';

const t = translatorFor({ LANG: 'C' });
const ONLY_SENTENCES: ReadonlySet<string> = new Set(['correct', 'again', 'look-again', 'restart-perch']);

test.each(ERROR_CODES)('%s: a command that exists, or a sentence alone', (code) => {
  const command = commandAfter({ code, values: { providerId: 'openai' } });
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
