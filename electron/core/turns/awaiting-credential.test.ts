import { afterEach, beforeEach, expect, test } from 'vitest';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { REACHABLE_MS } from './housekeeping.ts';
import { createHarness, fakeLaunch, type Harness } from './testing/harness.ts';

let harness: Harness;
beforeEach(() => {
  harness = createHarness();
});
afterEach(async () => {
  expect(harness.broken()).toEqual([]);
  await harness.end();
});

const missing = () =>
  Promise.reject(new PerchError('MISSING_BYOK_CREDENTIAL', { provider: 'OpenAI', providerId: 'openai' }));

/** A conversation with one turn, whose credential then goes. */
async function conversation() {
  const { turnId, sessionId } = await harness.prompted();
  harness.runner.finish(turnId);
  await harness.event(turnId);
  harness.prepareWith(missing);
  return sessionId;
}

async function waiting(sessionId: string) {
  const submission = harness.submission({ sessionId, prompt: 'go on' });
  const turn = await harness.service.submit(submission);
  await harness.event(turn.turnId, 'credential.awaited');
  expect(harness.service.get(turn.turnId).status).toBe('waiting-for-credential');
  return { submission, turnId: turn.turnId };
}

test('in mid-conversation a turn waits under its id, and goes on when the credential is stored', async () => {
  const { service, runner } = harness;
  const { submission, turnId } = await waiting(await conversation());
  expect((await service.submit(submission)).status).toBe('waiting-for-credential');
  // Something else changed: it asks again, and waits on.
  service.lookAgain();
  harness.prepareWith(async () => fakeLaunch({ auth: { mode: 'byo', model: 'model-2' } }));
  service.lookAgain();
  await runner.called('session.prompt', (prompt) => prompt.turnId === turnId);
  expect(harness.typesOf(turnId)).toEqual([
    'turn.accepted',
    'credential.awaited',
    'credential.supplied',
    'session.started',
  ]);
  expect(service.get(turnId)).toMatchObject({ model: 'model-2', status: 'running' });
  runner.finish(turnId);
  await harness.event(turnId);
});

test('a choice between providers is waited for like a credential', async () => {
  const sessionId = await conversation();
  harness.prepareWith(() => Promise.reject(new PerchError('PROVIDER_UNDERIVABLE', { choices: 'anthropic, openai' })));
  const { turnId } = await waiting(sessionId);
  harness.prepareWith(async () => fakeLaunch({ auth: { mode: 'byo', model: '' } }));
  harness.service.lookAgain();
  await harness.runner.called('session.prompt', (prompt) => prompt.turnId === turnId);
  harness.runner.finish(turnId);
  await harness.event(turnId);
  expect(harness.service.get(turnId).status).toBe('completed');
});

test('the first turn of a conversation waits where its client wants that, with what is set for its agent', async () => {
  const { service, runner } = harness;
  harness.prepareWith(missing);
  const submission = harness.submission({ waitForCredential: true });
  const { sessionId, turnId } = await service.submit(submission);
  await harness.event(turnId, 'credential.awaited');
  const waits = { sessionId, status: 'waiting-for-credential', model: 'model-set', providerId: 'openai' };
  expect(service.get(turnId)).toMatchObject(waits);
  // The answer was lost: sent again it is the same turn, whether it is asked to wait or not.
  expect(await service.submit(submission)).toMatchObject(waits);
  harness.prepareWith(async () => fakeLaunch({ auth: { mode: 'byo', model: 'model-2' } }));
  service.lookAgain();
  await runner.called('session.prompt', (prompt) => prompt.turnId === turnId);
  runner.finish(turnId);
  await harness.event(turnId);
  expect(service.get(turnId)).toMatchObject({ sessionId, status: 'completed', model: 'model-2' });
});

test('no first turn waits that would be refused with its credential', async () => {
  harness.prepareWith(missing);
  const submit = (changes: Parameters<Harness['submission']>[0]) =>
    harness.service.submit(harness.submission({ waitForCredential: true, ...changes }));
  await expect(submit({ projectDir: harness.homeDir })).rejects.toMatchObject({ code: 'PROJECT_TOO_WIDE' });
  await expect(submit({ prompt: ' ' })).rejects.toMatchObject({ code: 'MISSING_BYOK_CREDENTIAL' });
  harness.prepareWith(() => Promise.reject(new PerchError('SANDBOX_UNAVAILABLE')));
  await expect(submit({})).rejects.toMatchObject({ code: 'SANDBOX_UNAVAILABLE' });
  expect(harness.service.list({ limit: 10 })).toEqual([]);
});

test('the first turn of a conversation is refused otherwise, and is no turn', async () => {
  harness.prepareWith(missing);
  const submission = harness.submission();
  await expect(harness.service.submit(submission)).rejects.toMatchObject({ code: 'MISSING_BYOK_CREDENTIAL' });
  expect(() => harness.service.get(submission.turnId)).toThrowError(expect.objectContaining({ code: 'NOT_FOUND' }));
});

test('it can be cancelled while it waits', async () => {
  const { turnId } = await waiting(await conversation());
  expect((await harness.service.cancel(turnId)).status).toBe('cancelled');
  harness.prepareWith(async () => fakeLaunch());
  harness.service.lookAgain();
  expect(harness.runner.calls('session.prompt')).toHaveLength(1);
});

test.each(['crash', 'quit'])(
  'it survives a restart after a %s, and is still cancelled or gone on with',
  async (how) => {
    const { turnId } = await waiting(await conversation());
    if (how === 'quit') await harness.service.dispose();
    const later = harness.createService();
    later.recover();
    later.resume();
    expect(later.get(turnId).status).toBe('waiting-for-credential');
    harness.prepareWith(async () => fakeLaunch());
    later.lookAgain();
    await harness.runner.called('session.prompt', (prompt) => prompt.turnId === turnId);
    harness.runner.finish(turnId);
    await harness.event(turnId);
    expect(harness.typesOf(turnId).filter((type) => type === 'credential.awaited')).toHaveLength(1);
    await later.dispose();
  },
);

test('another refusal while it waits fails the turn', async () => {
  const { turnId } = await waiting(await conversation());
  harness.prepareWith(() => Promise.reject(new PerchError('KEYCHAIN_LOCKED')));
  harness.service.lookAgain();
  await harness.event(turnId);
  expect(harness.service.get(turnId).failure?.error.code).toBe('KEYCHAIN_LOCKED');
});

test('a credential that the provider refuses is waited for as well, and what is in the way now is told', async () => {
  const { turnId } = await waiting(await conversation());
  const told = () =>
    harness.service
      .events({ turnId, after: 0, limit: 100 })
      .events.flatMap(({ event }) => (event.type === 'credential.awaited' ? [event.error.code] : []));
  harness.prepareWith(() => Promise.reject(new PerchError('BYOK_CREDENTIAL_INVALID')));
  harness.service.lookAgain();
  await harness.event(turnId, 'credential.awaited', 2);
  expect(told()).toEqual(['MISSING_BYOK_CREDENTIAL', 'BYOK_CREDENTIAL_INVALID']);
  expect(harness.service.get(turnId).status).toBe('waiting-for-credential');
  harness.prepareWith(async () => fakeLaunch());
  harness.service.lookAgain();
  await harness.runner.called('session.prompt', (prompt) => prompt.turnId === turnId);
  harness.runner.finish(turnId);
  await harness.event(turnId);
});

test('a turn that was accepted but reached no agent runs after the restart; an old one is lost', async () => {
  harness.runner.setStatus('reconnecting');
  const old = await harness.service.submit(harness.submission());
  harness.clock.advance(REACHABLE_MS);
  const fresh = await harness.service.submit(harness.submission());
  const later = harness.createService();
  later.recover();
  expect(later.get(old.turnId).status).toBe('lost');
  later.resume();
  harness.runner.setStatus('connected');
  await harness.runner.called('session.prompt', (prompt) => prompt.turnId === fresh.turnId);
  harness.runner.finish(fresh.turnId);
  await harness.event(fresh.turnId);
  await later.dispose();
});
