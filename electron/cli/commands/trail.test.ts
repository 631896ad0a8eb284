import { expect, test } from 'vitest';
import type { CredentialEvent } from '../../../shared/model/credential-event.ts';
import type { ProviderView } from '../../../shared/model/provider.ts';
import { commandLine, TURN_ID } from '../testing/command-line.ts';

const SECRET = 'sk-very-secret-0123456789';
const OPENAI: ProviderView = {
  providerId: 'openai',
  name: 'OpenAI',
  credentialAlternatives: [['OPENAI_API_KEY']],
  credentialRequired: true,
  keyShapes: [],
  baseUrl: 'https://api.openai.com/v1',
  baseUrlSource: 'registry',
  models: [],
};
const KEY = {
  credentialId: '7b0f6f0e-4f0e-4c46-9d6a-0d8a4ff5a002',
  providerId: 'openai',
  variable: 'OPENAI_API_KEY',
  scope: { kind: 'global' },
  storage: 'keychain',
  masked: '••••6789',
} as const;
const STORED: CredentialEvent = { kind: 'stored', eventId: 1, at: 0, ...KEY };
const REJECTED: CredentialEvent = {
  kind: 'rejected',
  eventId: 2,
  at: 60_000,
  ...KEY,
  agentId: 'codex',
  sessionId: TURN_ID,
  turnId: TURN_ID,
};
const answering = (events: CredentialEvent[]) => ({
  'providers.list': async () => ({ providers: [OPENAI] }),
  'credentials.trail': async () => ({ events }),
});

test('a table, oldest first, with the turn that perch logs opens', async () => {
  const cli = commandLine({ handlers: answering([REJECTED, STORED]) });
  expect(await cli.run('credentials', 'trail')).toBe(0);
  expect(await cli.out()).toBe(
    [
      'time                      event     provider  variable        applies to  value     agent  turn',
      '1970-01-01T00:00:00.000Z  stored    openai    OPENAI_API_KEY  global      ••••6789',
      `1970-01-01T00:01:00.000Z  rejected  openai    OPENAI_API_KEY  global      ••••6789  codex  ${TURN_ID}`,
      '',
    ].join('\n'),
  );
});

test('JSON carries the events, of one provider when named', async () => {
  const cli = commandLine({ handlers: answering([REJECTED, STORED]) });
  expect(await cli.run('credentials', 'trail', 'openai', '--json')).toBe(0);
  expect(JSON.parse(await cli.out())).toEqual({ events: [STORED, REJECTED] });
  expect(cli.calls.at(-1)).toEqual({ method: 'credentials.trail', params: { limit: 500, providerId: 'openai' } });
});

test('every page is asked for', async () => {
  const all = Array.from({ length: 1100 }, (_, index): CredentialEvent => ({ ...STORED, eventId: 1100 - index }));
  const cli = commandLine({
    handlers: {
      'credentials.trail': async ({ limit, before = Number.POSITIVE_INFINITY }) => ({
        events: all.filter(({ eventId }) => eventId < before).slice(0, limit),
      }),
    },
  });
  expect(await cli.run('credentials', 'trail', '--json')).toBe(0);
  const { events } = JSON.parse(await cli.out()) as { events: CredentialEvent[] };
  expect(events).toEqual(all.toReversed());
  expect(cli.calls.map(({ params }) => params)).toEqual([
    { limit: 500 },
    { limit: 500, before: 601 },
    { limit: 500, before: 101 },
  ]);
});

test('nothing yet is said', async () => {
  const cli = commandLine({ handlers: answering([]) });
  expect(await cli.run('credentials', 'trail')).toBe(0);
  expect(await cli.out()).toBe('No event yet.\n');
});

test("a secret in the provider's place is not sent anywhere, nor repeated", async () => {
  const cli = commandLine({ handlers: answering([]) });
  expect(await cli.run('credentials', 'trail', SECRET)).toBe(1);
  expect(await cli.err()).toContain('(PROVIDER_UNKNOWN)');
  expect((await cli.err()) + JSON.stringify(cli.calls)).not.toContain('very-secret');
});

test('of one scope when named', async () => {
  const OF_AGENT: CredentialEvent = { ...STORED, eventId: 3, scope: { kind: 'agent', agentId: 'codex' } };
  const cli = commandLine({ handlers: answering([OF_AGENT, STORED]) });
  expect(await cli.run('credentials', 'trail', '--scope', 'agent:codex', '--json')).toBe(0);
  expect(JSON.parse(await cli.out())).toEqual({ events: [OF_AGENT] });
});
