import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BackgroundFacts } from '../../../shared/model/background.ts';
import type { GuardedFile } from '../../../shared/model/guarded-file.ts';
import { IDLE_LIMIT_MS } from './sessions.ts';
import { createHarness, type Harness } from './testing/harness.ts';

let harness: Harness;
beforeEach(() => {
  harness = createHarness();
});
afterEach(async () => {
  expect(harness.broken()).toEqual([]);
  await harness.end();
});

const DEV = { processId: '7-100', command: 'npm run dev', ports: [] };

/** A turn that has ended and left something running. */
async function left(): Promise<BackgroundFacts> {
  const { runner } = harness;
  const { turnId, sessionId } = await harness.prompted();
  const facts: BackgroundFacts = {
    ...{ sessionId, turnId, state: 'paused', processes: [DEV], protected: ['.envrc'], ownNetwork: true, found: [] },
  };
  runner.emit('session.background', facts);
  runner.finish(turnId);
  await harness.event(turnId);
  return facts;
}

test('what is left keeps its session from being closed for being idle, until it has ended', async () => {
  const { runner, clock, service } = harness;
  const facts = await left();
  expect(service.background.list()).toMatchObject([{ state: 'paused', processes: [DEV], agentId: 'codex' }]);
  await new Promise((resolve) => setImmediate(resolve));
  clock.advance(10 * IDLE_LIMIT_MS);
  expect(runner.calls('session.close')).toEqual([]);
  runner.emit('session.background', { ...facts, processes: [] });
  expect(service.background.list()).toEqual([]);
  clock.advance(IDLE_LIMIT_MS);
  expect(runner.calls('session.close')).toHaveLength(1);
});

test('nothing is claimed of a session that is gone, or in which a turn runs', async () => {
  const { runner, service } = harness;
  const { sessionId } = await left();
  const act = () => service.background.act(sessionId, { action: 'keep' });
  runner.answer('session.background', async () => ({}));
  await act();
  expect(runner.calls('session.background')).toEqual([{ sessionId, act: { action: 'keep' } }]);
  await harness.prompted({ sessionId });
  expect(service.background.list()).toEqual([]);
  await expect(act()).rejects.toMatchObject({ code: 'BACKGROUND_GONE' });
  runner.crash();
  expect(service.background.list()).toEqual([]);
});

test('what it made meanwhile is kept with the files of its turn, each once', async () => {
  const { runner, service } = harness;
  const facts = await left();
  const fileId = '7b0f6f0e-4f0e-4c46-9d6a-0d8a4ff5a009';
  const file: GuardedFile = { fileId, path: 'sub/.vscode', reason: 'name', how: 'renamed' };
  for (const _ of [1, 2]) runner.emit('session.background', { ...facts, found: [file] });
  expect(service.guarded.ofTurn(facts.turnId)).toMatchObject([file]);
});
