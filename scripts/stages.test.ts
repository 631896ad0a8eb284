import { expect, test } from 'vitest';
import { createStages } from './lib/stages.mjs';

test('each stage is told with its seconds, a failed one too, and their sum', async () => {
  let now = 0;
  const stages = createStages(() => now);
  const taking = (seconds: number) => async () => {
    now += seconds * 1000;
    return seconds;
  };
  expect(await stages.time('build', taking(4))).toBe(4);
  const failing = stages.time('types', async () => {
    now += 31_600;
    throw new Error('red');
  });
  await expect(failing).rejects.toThrow('red');
  expect(stages.lines()).toEqual(['build      4 s', 'types     32 s', 'all       36 s']);
});
