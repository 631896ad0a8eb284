import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRecentModels } from './recent-models.ts';
import { createHarness, fakeLaunch, type Harness } from './testing/harness.ts';

let harness: Harness;
beforeEach(() => {
  harness = createHarness();
});
afterEach(() => harness.end());

async function turnWith(agentId: string, model: string, providerId = 'openai'): Promise<void> {
  harness.clock.advance(1000);
  harness.prepareWith(async () => fakeLaunch({ auth: { mode: 'byo', model }, providerId }));
  const turn = await harness.prompted({ agentId });
  await harness.service.cancel(turn.turnId);
}

test('those of its turns, the last used first, each once for each provider; the default is none', async () => {
  for (const model of ['a', 'b', '', 'a']) await turnWith('codex', model);
  await turnWith('codex', 'b', 'openrouter');
  await turnWith('opencode', 'c');
  const recent = createRecentModels(harness.database);
  expect(recent('codex')).toEqual([
    { model: 'b', providerId: 'openrouter' },
    { model: 'a', providerId: 'openai' },
    { model: 'b', providerId: 'openai' },
  ]);
  expect(recent('opencode')).toEqual([{ model: 'c', providerId: 'openai' }]);
  expect(recent('gemini')).toEqual([]);
});

test('at most eight', async () => {
  for (let index = 0; index < 10; index += 1) await turnWith('codex', `m-${index}`);
  expect(createRecentModels(harness.database)('codex').map(({ model }) => model)).toEqual(
    [9, 8, 7, 6, 5, 4, 3, 2].map((index) => `m-${index}`),
  );
});
