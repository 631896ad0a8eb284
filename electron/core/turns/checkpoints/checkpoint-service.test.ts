import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../storage/database/database.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { type Checkpoints, createCheckpoints } from './checkpoint-service.ts';
import type { RunningSessions } from './undo.ts';

const GIT = '/usr/bin/git';
const skip = existsSync(GIT) ? undefined : 'no git here';

let root: string;
let work: string;
let database: Database;
let clock: ReturnType<typeof createManualClock>;
let checkpoints: Checkpoints;
let git: string | undefined;
let busy: string[];
let closed: string[];

/** The sessions that wait or run in the folders, as the turn service tells of them. */
const sessions: RunningSessions = {
  openSessions: () => busy.map((projectDir) => ({ projectDir, turnId: 't' })),
  async closeSessionsOf(predicate) {
    closed.push(
      ...[work, join(work, 'inner'), root, join(root, 'elsewhere')].filter((projectDir) => predicate({ projectDir })),
    );
  },
};

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'perch-checkpoints-')));
  work = join(root, 'work');
  mkdirSync(work);
  clock = createManualClock();
  database = openDatabase({ file: join(root, 'perch.db'), clock, random: { uuid: randomUUID, fraction: () => 0 } });
  git = GIT;
  busy = [];
  closed = [];
  checkpoints = createCheckpoints({
    database,
    folder: join(root, 'checkpoints'),
    findGit: async () => git,
    clock,
    log: { write: () => ({ log: 'core', segment: 0, offset: 0 }) as never },
    onChange: () => {},
  });
});
afterEach(() => {
  database.close();
  rmSync(root, { recursive: true, force: true });
});

const put = (name: string, text: string) => writeFileSync(join(work, name), text);
const read = (name: string) => readFileSync(join(work, name), 'utf8');

/** A turn that changes files; its id. */
async function turn(change: () => void, endedAt = clock.now()): Promise<string> {
  const turnId = randomUUID();
  database.sql
    .prepare(
      `INSERT INTO turn (turn_id, session_id, agent_id, model, project_dir, prompt, body_hash, status, accepted_at,
         heartbeat_at, last_seq, ended_at)
       VALUES (?, ?, 'a', '', ?, 'p', '', 'completed', 0, 0, 0, ?)`,
    )
    .run(turnId, randomUUID(), work, endedAt);
  expect(await checkpoints.before({ turnId, projectDir: work })).toBeUndefined();
  change();
  await checkpoints.after({ turnId, projectDir: work });
  return turnId;
}
const undo = (turnId: string, more: { undone?: boolean; alsoChanged?: boolean } = {}) =>
  checkpoints.undo({ turnId, undone: true, alsoChanged: false, ...more }, sessions);

test.skipIf(skip)('a turn is undone, and brought again; asked twice it is done once', async () => {
  put('a', 'one');
  const turnId = await turn(() => put('a', 'two'));
  expect(await checkpoints.changes(turnId)).toEqual({
    files: [{ path: 'a', change: 'modified', changedSince: false }],
    undone: false,
  });
  expect(await undo(turnId)).toEqual({ files: 1, left: [] });
  expect(read('a')).toBe('one');
  put('a', 'meanwhile');
  expect(await undo(turnId)).toMatchObject({ left: [] });
  expect(read('a')).toBe('meanwhile');
  put('a', 'one');
  expect(await checkpoints.changes(turnId)).toMatchObject({ undone: true });
  expect(await undo(turnId, { undone: false })).toEqual({ files: 1, left: [] });
  expect(read('a')).toBe('two');
});

test.skipIf(skip)('what was changed since is left and named, unless it is to go as well', async () => {
  put('a', 'one');
  put('b', 'one');
  const turnId = await turn(() => {
    put('a', 'two');
    put('b', 'two');
    put('c', 'new');
  });
  put('b', 'mine');
  expect((await checkpoints.changes(turnId)).files.filter(({ changedSince }) => changedSince)).toEqual([
    { path: 'b', change: 'modified', changedSince: true },
  ]);
  expect(await undo(turnId)).toEqual({ files: 2, left: ['b'] });
  expect([read('a'), read('b'), existsSync(join(work, 'c'))]).toEqual(['one', 'mine', false]);
  expect(await undo(turnId, { undone: false })).toEqual({ files: 2, left: ['b'] });
  expect(await undo(turnId, { alsoChanged: true })).toEqual({ files: 3, left: [] });
  expect(read('b')).toBe('one');
});

test.skipIf(skip)('an earlier turn is undone without what came after it', async () => {
  put('a', '1');
  const first = await turn(() => put('a', '2'));
  const second = await turn(() => put('b', '1'));
  expect(await undo(first)).toEqual({ files: 1, left: [] });
  expect([read('a'), read('b')]).toEqual(['1', '1']);
  expect(await undo(second)).toEqual({ files: 1, left: [] });
  expect(existsSync(join(work, 'b'))).toBe(false);
});

test.skipIf(skip)(
  'while a turn runs there nothing is touched, and agents that wait there are stopped first',
  async () => {
    put('a', 'one');
    const turnId = await turn(() => put('a', 'two'));
    for (const place of [work, join(work, 'inner'), root]) {
      busy = [place];
      await expect(undo(turnId)).rejects.toMatchObject({ code: 'CHECKPOINT_BUSY' });
    }
    expect(read('a')).toBe('two');
    busy = [join(root, 'elsewhere')];
    await undo(turnId);
    expect(closed).toEqual([work, join(work, 'inner'), root]);
  },
);

test.skipIf(skip)(
  'a turn that changed nothing has nothing to undo, and neither has one that is forgotten',
  async () => {
    const nothing = await turn(() => {});
    await expect(checkpoints.changes(nothing)).rejects.toMatchObject({ code: 'CHECKPOINT_MISSING' });
    const turnId = await turn(() => put('a', 'new'));
    await checkpoints.tidy();
    await expect(checkpoints.changes(turnId)).resolves.toMatchObject({ undone: false });
    clock.advance(8 * 24 * 3_600_000);
    await checkpoints.tidy();
    await expect(undo(turnId)).rejects.toMatchObject({ code: 'CHECKPOINT_MISSING' });
  },
);

test.skipIf(skip)('a checkpoint that is damaged is told as that, and the files stay', async () => {
  put('a', 'one');
  const turnId = await turn(() => put('a', 'two'));
  rmSync(join(checkpoints.folderOf(work), 'objects'), { recursive: true });
  mkdirSync(join(checkpoints.folderOf(work), 'objects'));
  await expect(undo(turnId)).rejects.toMatchObject({ code: 'CHECKPOINT_FAILED' });
  expect(read('a')).toBe('two');
});

test('a folder that is looked through too slowly holds no turn up for ever', async () => {
  const calls = join(root, 'calls');
  git = join(root, 'slow-git');
  // Killed as by the limit.
  writeFileSync(git, `#!/bin/sh\necho x >> ${calls}\nkill -KILL $$\n`, { mode: 0o755 });
  const before = () => checkpoints.before({ turnId: randomUUID(), projectDir: work });
  for (let at = 0; at < 5; at++) expect(await before()).toMatchObject({ key: 'notice.no-checkpoint-too-slow' });
  expect(readFileSync(calls, 'utf8')).toBe('x\n'.repeat(3));
});

test('without git the turn goes on, and its agent’s user is told', async () => {
  git = undefined;
  expect(await checkpoints.before({ turnId: randomUUID(), projectDir: work })).toEqual({
    level: 'info',
    key: 'notice.no-checkpoint-no-git',
    values: {},
  });
});
