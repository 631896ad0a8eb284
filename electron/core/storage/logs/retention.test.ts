import { expect, test } from 'vitest';
import type { LogName } from '../../../../shared/model/log-position.ts';
import { sessionLogsToDelete } from './retention.ts';

const log = (index: number): LogName => `session:00000000-0000-4000-8000-00000000000${index}`;
const sizes = [1, 2, 3, 4].map((index) => ({ log: log(index), bytes: 10, modifiedAt: index }));

test.each([
  { limits: { maxSessionLogs: 4, maxSessionBytes: 40 }, gone: [] },
  { limits: { maxSessionLogs: 2, maxSessionBytes: 40 }, gone: [2, 1] },
  { limits: { maxSessionLogs: 4, maxSessionBytes: 25 }, gone: [2, 1] },
  { limits: { maxSessionLogs: 4, maxSessionBytes: 5 }, gone: [3, 2, 1] },
  { limits: { maxSessionLogs: 0, maxSessionBytes: 0 }, gone: [3, 2, 1] },
])('$limits', ({ limits, gone }) => {
  expect(sessionLogsToDelete(sizes, limits)).toEqual(gone.map(log));
});

test('the logs of the application and the runner are not session logs', () => {
  const others = [
    { log: 'core', bytes: 1e9, modifiedAt: 1 },
    { log: 'runner', bytes: 1e9, modifiedAt: 2 },
  ] as const;
  expect(sessionLogsToDelete(others, { maxSessionLogs: 0, maxSessionBytes: 0 })).toEqual([]);
});
