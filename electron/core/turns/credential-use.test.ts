import { afterEach, beforeEach, expect, test } from 'vitest';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { CredentialView } from '../../../shared/model/credential.ts';
import type { PromptResult } from '../../../shared/runner-protocol/protocol.ts';
import { createHarness, fakeLaunch, type Harness } from './testing/harness.ts';

const KEY: CredentialView = {
  credentialId: '00000000-0000-4000-8000-000000000001',
  providerId: 'openai',
  variable: 'OPENAI_API_KEY',
  scope: { kind: 'global' },
  storage: 'keychain',
  masked: '••••••••6789',
  createdAt: 1,
  updatedAt: 1,
  status: 'ok',
};
const NEWER: CredentialView = { ...KEY, credentialId: '00000000-0000-4000-8000-000000000002' };
const failed = (code: 'AGENT_AUTHENTICATION_FAILED' | 'AGENT_REPORTED_ERROR' | 'PROVIDER_NO_CREDIT'): PromptResult => ({
  outcome: 'failed',
  error: { code, values: { agent: 'Codex' } },
});

let harness: Harness;
beforeEach(() => {
  harness = createHarness();
  harness.prepareWith(async () => fakeLaunch({ credentials: [KEY] }));
});
afterEach(async () => {
  expect(harness.broken()).toEqual([]);
  await harness.end();
});

async function turn(result?: PromptResult, sessionId?: string) {
  const submitted = await harness.prompted(sessionId === undefined ? {} : { sessionId });
  harness.runner.finish(submitted.turnId, result);
  await harness.event(submitted.turnId);
  return submitted;
}
const noted = () => harness.uses.map(({ kind, turnId, credentials }) => [kind, turnId, credentials]);

test('an agent that is started with credentials uses them; nothing else of the turn is told', async () => {
  const { turnId, sessionId } = await turn();
  expect(harness.uses).toEqual([{ kind: 'used', credentials: [KEY], agentId: 'codex', sessionId, turnId }]);
});

test('the use is noted before the values leave, and they do not leave when it cannot be', async () => {
  const order: string[] = [];
  harness.runner.answer('session.start', async () => {
    order.push(...harness.uses.map(({ kind }) => kind), 'started');
    throw new PerchError('SESSION_START_FAILED');
  });
  const first = await harness.service.submit(harness.submission());
  await harness.event(first.turnId);
  expect(order).toEqual(['used', 'started']);

  harness.refuseNotes(true);
  const second = await harness.service.submit(harness.submission());
  await harness.event(second.turnId);
  expect(order).toEqual(['used', 'started']);
  expect(harness.service.get(second.turnId).failure?.error.code).toBe('DISK_FULL');
});

test('the next turn of an agent that runs is no new use; one that is started anew with another credential is', async () => {
  const first = await turn();
  await turn(undefined, first.sessionId);
  harness.prepareWith(async () => fakeLaunch({ credentials: [NEWER], fingerprint: 'fingerprint-2' }));
  const third = await turn(undefined, first.sessionId);
  expect(noted()).toEqual([
    ['used', first.turnId, [KEY]],
    ['used', third.turnId, [NEWER]],
  ]);
});

test('a turn that failed for authentication rejects what its agent holds, also in a later turn', async () => {
  const first = await turn();
  const second = await turn(failed('AGENT_AUTHENTICATION_FAILED'), first.sessionId);
  expect(noted().slice(1)).toEqual([['rejected', second.turnId, [KEY]]]);
});

test('an agent that refuses to start for want of authentication rejects too', async () => {
  harness.runner.answer('session.start', async () => {
    throw new PerchError('AGENT_AUTHENTICATION_FAILED', { agent: 'Codex' });
  });
  const { turnId } = await harness.service.submit(harness.submission());
  await harness.event(turnId);
  expect(noted()).toEqual([
    ['used', turnId, [KEY]],
    ['rejected', turnId, [KEY]],
  ]);
});

test('any other failure rejects nothing', async () => {
  await turn(failed('AGENT_REPORTED_ERROR'));
  expect(harness.uses.map(({ kind }) => kind)).toEqual(['used']);
});

test('a rejection that cannot be noted is in the log, and the turn has its end', async () => {
  const submitted = await harness.prompted();
  harness.refuseNotes(true);
  harness.runner.finish(submitted.turnId, failed('AGENT_AUTHENTICATION_FAILED'));
  await harness.event(submitted.turnId);
  expect(harness.service.get(submitted.turnId).status).toBe('failed');
  expect(harness.logs.lastLines('core', 1)[0]?.message).toContain('A rejected credential could not be noted');
});

test('a turn without credit names where credit for its own credential is bought; no other failure does', async () => {
  const pageAfter = async (code: Parameters<typeof failed>[0]) => {
    const { turnId } = await turn(failed(code));
    return harness.service.get(turnId).failure?.error.values.billingPage;
  };
  expect(await pageAfter('PROVIDER_NO_CREDIT')).toBe('https://openai.example/billing');
  expect(await pageAfter('AGENT_REPORTED_ERROR')).toBeUndefined();
  harness.prepareWith(async () => fakeLaunch());
  expect(await pageAfter('PROVIDER_NO_CREDIT')).toBeUndefined();
});
