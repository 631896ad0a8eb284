import type {
  FileIdentity,
  GuardedAnswer,
  GuardedFile,
  GuardedFileState,
} from '../../../../shared/model/guarded-file.ts';
import { type Database, explaining } from '../../storage/database/database.ts';

interface Row {
  file_id: string;
  turn_id: string;
  project_dir: string;
  at: number;
  path: string;
  reason: GuardedFile['reason'];
  how: GuardedFile['how'];
  aside: string | null;
  node: string | null;
  hash: string | null;
  answer: GuardedAnswer | null;
}

export type GuardedFileStore = ReturnType<typeof createGuardedFileStore>;

/**
 * Files that would have made programs run code, and what the user said to each: for as long as the conversation is kept.
 * Writing raises PerchError DISK_FULL, DATABASE_LOCKED, DATABASE_CORRUPT.
 */
export function createGuardedFileStore({ sql }: Pick<Database, 'sql'>) {
  const insert = sql.prepare(
    `INSERT INTO guarded_file (file_id, turn_id, at, path, reason, how, aside, node, hash)
     VALUES (@fileId, @turnId, @at, @path, @reason, @how, @aside, @node, @hash) ON CONFLICT (file_id) DO NOTHING`,
  );
  const select = 'SELECT guarded_file.*, turn.project_dir FROM guarded_file JOIN turn USING (turn_id)';
  const readOne = sql.prepare<[string], Row>(`${select} WHERE file_id = ?`);
  const readOfTurn = sql.prepare<[string], Row>(`${select} WHERE turn_id = ? ORDER BY guarded_file.rowid`);
  const readOpen = sql.prepare<[string, number], Row>(
    `${select} WHERE project_dir = ? AND ${OPEN_FILE} ORDER BY guarded_file.rowid DESC LIMIT ?`,
  );
  const readMine = sql.prepare<[{ projectDir: string; path: string; hash: string }], unknown>(
    `SELECT 1 FROM guarded_file JOIN turn USING (turn_id)
     WHERE project_dir = @projectDir AND path = @path AND hash = @hash AND answer = 'mine'`,
  );
  const askAgain = sql.prepare(
    `UPDATE guarded_file SET node = @node, hash = @hash
     WHERE turn_id = @turnId AND path = @path AND how = 'unclear' AND answer IS NULL`,
  );
  const setIdentity = sql.prepare('UPDATE guarded_file SET node = @node, hash = @hash WHERE file_id = @fileId');
  const setAnswer = sql.prepare('UPDATE guarded_file SET answer = @answer, answered_at = @at WHERE file_id = @fileId');
  const setPlace = sql.prepare(
    `UPDATE guarded_file SET answer = 'set-aside', answered_at = @at, how = 'renamed', aside = @aside, node = @node,
       hash = @hash WHERE file_id = @fileId`,
  );
  const explained = explaining(sql.name);
  const readProject = sql.prepare<[string], Pick<Row, 'project_dir'>>('SELECT project_dir FROM turn WHERE turn_id = ?');
  const isMine = (projectDir: string, { path, how, identity }: GuardedFile): boolean =>
    how === 'unclear' &&
    identity !== undefined &&
    readMine.get({ projectDir, path, hash: identity.hash }) !== undefined;
  const identityColumns = (identity: FileIdentity | undefined) => ({
    node: identity?.node ?? null,
    hash: identity?.hash ?? null,
  });
  /** A file that the turn asks about was saved once more: the question stands already. */
  const isAsked = (turnId: string, { path, how, identity }: GuardedFile): boolean =>
    how === 'unclear' && explained(() => askAgain.run({ turnId, path, ...identityColumns(identity) }).changes > 0);
  const add = ({ turnId, at, file }: { turnId: string; at: number; file: GuardedFile }): void => {
    const { fileId, path, reason, how, aside, identity } = file;
    insert.run({ fileId, turnId, at, path, reason, how, aside: aside ?? null, ...identityColumns(identity) });
  };
  return {
    /** In the transaction of the event that tells it. */
    add,
    /** Those of a turn that has ended. Answers whether one of them is news. */
    addAll({ turnId, at, files }: { turnId: string; at: number; files: readonly GuardedFile[] }): boolean {
      const projectDir = readProject.get(turnId);
      const news = files.filter(
        (file) =>
          projectDir !== undefined &&
          readOne.get(file.fileId) === undefined &&
          !isMine(projectDir.project_dir, file) &&
          !isAsked(turnId, file),
      );
      for (const file of news) explained(() => add({ turnId, at, file }));
      return news.length > 0;
    },
    isAsked,
    setIdentity: (fileId: string, identity: FileIdentity): void =>
      void explained(() => setIdentity.run({ fileId, ...identity })),
    get(fileId: string): GuardedFileState | undefined {
      const row = readOne.get(fileId);
      return row && stateOf(row);
    },
    ofTurn: (turnId: string): GuardedFileState[] => readOfTurn.all(turnId).map(stateOf),
    /** The newest of a folder that wait for an answer. */
    openIn: (projectDir: string, limit: number): GuardedFileState[] => readOpen.all(projectDir, limit).map(stateOf),
    /** The user said of this very content that it is theirs. */
    isMine,
    setAnswer: (fileId: string, answer: GuardedAnswer, at: number): void =>
      void explained(() => setAnswer.run({ fileId, answer, at })),
    /** An unclear one lies there now. */
    setAside: (fileId: string, place: { aside: string; identity: FileIdentity | undefined; at: number }): void =>
      void explained(() =>
        setPlace.run({ fileId, aside: place.aside, at: place.at, ...identityColumns(place.identity) }),
      ),
  };
}

/** Waits for an answer: a question, or a file that lies aside and was neither kept there nor put back. */
export const OPEN_FILE = `((how = 'unclear' AND answer IS NULL)
  OR (how = 'renamed' AND aside IS NOT NULL AND COALESCE(answer, 'set-aside') = 'set-aside'))`;

function stateOf(row: Row): GuardedFileState {
  const { node, hash } = row;
  return {
    fileId: row.file_id,
    turnId: row.turn_id,
    projectDir: row.project_dir,
    at: row.at,
    path: row.path,
    reason: row.reason,
    how: row.how,
    ...(row.aside === null ? {} : { aside: row.aside }),
    ...(node === null || hash === null ? {} : { identity: { node, hash } }),
    ...(row.answer === null ? {} : { answer: row.answer }),
  };
}
