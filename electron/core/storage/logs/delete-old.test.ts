import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LogName } from '../../../../shared/model/log-position.ts';
import { deleteOldSegments, deleteOldSessions } from './delete-old.ts';
import { logFolder, segmentFile } from './names.ts';
import { listLogs, listSegments } from './segments.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'perch-delete-old-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const session = (index: number): LogName => `session:00000000-0000-4000-8000-00000000000${index}`;
function write(log: LogName, segments: readonly number[]): string {
  const folder = logFolder(dir, log);
  mkdirSync(folder, { recursive: true });
  for (const segment of segments) writeFileSync(segmentFile(folder, segment), 'line\n');
  return folder;
}

test('the newest segments stay, and files that are no segments', () => {
  const folder = write('runner', [3, 4, 5, 6]);
  writeFileSync(join(folder, 'notes.txt'), '');
  deleteOldSegments(folder, 6, 2);
  expect(listSegments(folder)).toEqual([5, 6]);
  expect(readdirSync(folder)).toContain('notes.txt');
});

test('session logs over the limit go, but none that is in use, and none of Perch’s own', () => {
  for (const index of [1, 2, 3]) write(session(index), [1]);
  write('core', [1]);
  const inUse = new Set<LogName>([session(1), session(2)]);
  deleteOldSessions(dir, { maxSessionLogs: 0, maxSessionBytes: 0 }, (log) => inUse.has(log));
  const left = listLogs(dir).map(({ log }) => log);
  expect(left).toEqual(expect.arrayContaining(['core', session(1), session(2)]));

  deleteOldSessions(dir, { maxSessionLogs: 0, maxSessionBytes: 0 }, () => false);
  expect(listLogs(dir)).toHaveLength(2);
});
