import { expect, test } from 'vitest';
import type { LiveModels } from '../../../shared/model/live-models.ts';
import { commandLine } from '../testing/command-line.ts';

const made = (live: LiveModels) =>
  commandLine({
    handlers: {
      'agents.recentModels': async () => ({ models: [{ model: 'mine', providerId: 'openai' }] }),
      'agents.liveModels': async () => ({ live }),
      'providers.models': async () => ({
        models: [{ id: 'gpt-5', name: 'GPT 5', toolCall: true, reasoning: true }],
      }),
    },
  });

test('what was used and what the provider lists', async () => {
  const models = [{ id: 'gpt-9', name: 'GPT 9' }];
  const cli = made({ state: 'listed', providerId: 'openai', models, checkedAt: 1 });
  expect(await cli.run('agents', 'models', 'codex')).toBe(0);
  expect(await cli.out()).toMatch(/mine +used before\ngpt-9 +GPT 9 +the provider’s list\n$/);
  expect(await cli.err()).toBe('');
});

test('where that could not be checked it says so, and shows what is known', async () => {
  const cli = made({ state: 'could-not-check', providerId: 'openai', reason: 'timeout', checkedAt: 1 });
  expect(await cli.run('agents', 'models', 'codex')).toBe(0);
  expect(await cli.out()).toMatch(/gpt-5 +GPT 5 +known\n$/);
  expect(await cli.err()).toBe(
    'Perch could not get the list of openai. openai did not answer in time. Check again later.\n',
  );
});

test.each<[LiveModels, RegExp]>([
  [{ state: 'no-credential' }, /With a credential/],
  [{ state: 'not-offered', providerId: 'vertex' }, /vertex offers no list/],
])('%j', async (live, sentence) => {
  const cli = made(live);
  expect(await cli.run('agents', 'models', 'codex')).toBe(0);
  expect(await cli.err()).toMatch(sentence);
});
