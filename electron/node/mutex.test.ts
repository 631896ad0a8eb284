import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createKeyedMutex, createMutex } from './mutex.ts';

test('tasks of one key never overlap and keep their order, whatever fails; other keys are not held up', async () => {
  const task = fc.record({ key: fc.constantFrom('a', 'b'), fails: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(task, { maxLength: 12 }), fc.scheduler(), async (tasks, scheduler) => {
      const mutex = createKeyedMutex();
      const running = new Set<string>();
      const order: Record<string, number[]> = { a: [], b: [] };
      const results = tasks.map(({ key, fails }, at) =>
        mutex.run(key, async () => {
          expect(running.has(key)).toBe(false);
          running.add(key);
          await scheduler.schedule(Promise.resolve(), `${key}${at}`);
          running.delete(key);
          order[key]?.push(at);
          if (fails) throw new Error(`task ${at}`);
          return at;
        }),
      );
      const settled = Promise.allSettled(results);
      await scheduler.waitFor(settled);
      for (const [at, result] of (await settled).entries()) {
        expect(result.status).toBe(tasks[at]?.fails === true ? 'rejected' : 'fulfilled');
      }
      for (const ended of Object.values(order)) expect(ended).toEqual([...ended].sort((one, other) => one - other));
    }),
  );
});

test('a key is busy until its last task is over', async () => {
  const mutex = createKeyedMutex();
  const gate = Promise.withResolvers<void>();
  const first = mutex.run('a', () => gate.promise);
  const second = mutex.run('a', async () => {});
  expect([mutex.isBusy('a'), mutex.isBusy('b')]).toEqual([true, false]);
  gate.resolve();
  await first;
  await second;
  expect(mutex.isBusy('a')).toBe(false);
});

test('a task without a key runs after the one before it, also after a failure', async () => {
  const run = createMutex();
  const ended: string[] = [];
  const failed = run(async () => {
    ended.push('first');
    throw new Error('first');
  });
  const next = run(async () => ended.push('second'));
  await expect(failed).rejects.toThrow('first');
  await next;
  expect(ended).toEqual(['first', 'second']);
});
