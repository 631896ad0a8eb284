import { expect, test } from 'vitest';
import type { TurnStatus } from './run-event.ts';
import { othersIn, sharesFiles } from './shared-folder.ts';

const turn = (sessionId: string, projectDir: string, status: TurnStatus = 'running') => ({
  sessionId,
  projectDir,
  status,
});

test.each([
  ['/p/app', '/p/app', true],
  ['/p/app', '/p/app/web', true],
  ['/p/app/web', '/p/app', true],
  ['/p/app', '/p/app-perch-1', false],
  ['/p/app/web', '/p/app/api', false],
  ['/', '/p', true],
  ['/p/a\\b', '/p/a', false],
  ['C:\\p\\app', 'C:\\p\\app\\web', true],
  ['C:\\p\\app', 'C:\\p\\app2', false],
])('%s and %s: %s', (one, other, expected) => {
  expect(sharesFiles(one, other)).toBe(expected);
});

test('the running turns of other sessions in the folder, and no others', () => {
  const turns = [
    turn('a', '/p/app'),
    turn('b', '/p/app/web', 'waiting-for-permission'),
    turn('c', '/p/app', 'completed'),
    turn('d', '/p/app', 'waiting-for-credential'),
    turn('e', '/p/other'),
  ];
  const of = (own: { sessionId?: string }) =>
    othersIn({ projectDir: '/p/app', ...own }, turns).map(({ sessionId }) => sessionId);
  expect(of({})).toEqual(['a', 'b']);
  expect(of({ sessionId: 'a' })).toEqual(['b']);
});
