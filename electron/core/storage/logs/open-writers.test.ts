import { expect, test } from 'vitest';
import type { LogName } from '../../../../shared/model/log-position.ts';
import { createOpenWriters, MAX_OPEN_FILES } from './open-writers.ts';

const session = (index: number): LogName => `session:00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

function create() {
  const closed: LogName[] = [];
  const created: LogName[] = [];
  const writers = createOpenWriters((log) => {
    created.push(log);
    const place = { segment: 1, offset: 0 };
    return { append: () => place, end: () => place, close: () => void closed.push(log) };
  });
  return { writers, created, closed };
}

test('a log keeps its writer, and the least recently used one is closed for a new one', () => {
  const { writers, created, closed } = create();
  for (let index = 0; index < MAX_OPEN_FILES; index++) writers.use(session(index));
  expect(writers.use(session(0))).toBe(writers.use(session(0)));
  expect(closed).toEqual([]);

  writers.use('runner');
  expect(closed).toEqual([session(1)]);
  expect(writers.has(session(1))).toBe(false);
  expect(created).toHaveLength(MAX_OPEN_FILES + 1);
});

test('a closed log gets a new writer, and closing twice closes once', () => {
  const { writers, created, closed } = create();
  writers.use('core');
  writers.close('core');
  writers.close('core');
  writers.use('core');
  writers.closeAll();
  expect([created, closed]).toEqual([
    ['core', 'core'],
    ['core', 'core'],
  ]);
});
