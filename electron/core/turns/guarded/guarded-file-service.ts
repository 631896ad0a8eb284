import { PerchError } from '../../../../shared/errors/perch-error.ts';
import {
  answersFor,
  type FileIdentity,
  type GuardedAnswer,
  type GuardedFileState,
  type ShownEntry,
} from '../../../../shared/model/guarded-file.ts';
import type { Clock } from '../../../node/clock.ts';
import { createMutex } from '../../../node/mutex.ts';
import type { TurnRunner } from '../ports.ts';
import type { GuardedFileStore } from './guarded-file-store.ts';

export interface GuardedFiles {
  ofTurn(turnId: string): GuardedFileState[];
  /** The newest of a folder that wait for an answer. */
  openIn(projectDir: string): GuardedFileState[];
  /**
   * All of it. `changed`: it is not what was set aside any more, and is not put back.
   * @throws PerchError NOT_FOUND, ASIDE_GONE, ASIDE_NOT_SHOWN, or of the runner
   */
  look(fileId: string): Promise<{ identity: FileIdentity; entries: ShownEntry[]; changed: boolean }>;
  /**
   * `seen` is what was looked at; without it nothing is put back.
   * @throws PerchError NOT_FOUND, INVALID_PARAMS, ASIDE_*, or of the runner; then the answer does not count
   */
  answer(given: { fileId: string; answer: GuardedAnswer; seen?: FileIdentity | undefined }): Promise<GuardedFileState>;
}

const MOST_OPEN = 200;

/** Looks at files that were set aside, and does what the user says to them; no session has to live for that. */
export function createGuardedFiles(options: {
  store: GuardedFileStore;
  runner: Pick<TurnRunner, 'request'>;
  clock: Clock;
  redact: (text: string) => string;
  /** An answer is kept. */
  onChange: () => void;
}): GuardedFiles {
  const { store, runner, clock, redact, onChange } = options;
  // One after the other: the second answer to the same file sees the first.
  const exclusively = createMutex();
  const find = (fileId: string): GuardedFileState => {
    const file = store.get(fileId);
    if (file === undefined) throw new PerchError('NOT_FOUND', { what: 'file' });
    return file;
  };

  async function putBack(file: GuardedFileState, seen: FileIdentity | undefined): Promise<void> {
    const { projectDir: root, path, aside, identity } = file;
    if (seen === undefined) throw new PerchError('INVALID_PARAMS', { where: 'seen: look at it first' });
    if (aside === undefined || identity === undefined) throw new PerchError('ASIDE_NOT_SHOWN');
    if (!same(seen, identity)) throw new PerchError('ASIDE_CHANGED');
    await runner.request('aside.putBack', { root, path, aside, identity: seen });
  }

  /** The answer is about what is there by now: the user may have saved it again since the question. */
  async function noteContent({ fileId, projectDir: root, path }: GuardedFileState): Promise<void> {
    try {
      store.setIdentity(fileId, (await runner.request('aside.look', { root, path })).identity);
    } catch (error) {
      // Gone, too large, or no runner now: then the content of the question is what is kept.
      if (!(error instanceof PerchError)) throw error;
    }
  }

  async function answer({ fileId, answer, seen }: Parameters<GuardedFiles['answer']>[0]): Promise<GuardedFileState> {
    const file = find(fileId);
    if (!answersFor(file).includes(answer)) throw new PerchError('ASIDE_ANSWERED');
    if (answer === 'set-aside') {
      const { aside, identity } = await runner.request('aside.setAside', { root: file.projectDir, path: file.path });
      store.setAside(fileId, { aside, identity, at: clock.now() });
    } else {
      if (answer === 'put-back') await putBack(file, seen);
      if (answer === 'mine') await noteContent(file);
      store.setAnswer(fileId, answer, clock.now());
    }
    onChange();
    return find(fileId);
  }

  return {
    ofTurn: store.ofTurn,
    openIn: (projectDir) => store.openIn(projectDir, MOST_OPEN),
    async look(fileId) {
      const { projectDir: root, path, aside, identity: kept } = find(fileId);
      const { identity, entries } = await runner.request('aside.look', { root, path: aside ?? path });
      const changed = kept !== undefined && !same(identity, kept);
      return { identity, changed, entries: entries.map((entry) => ({ ...entry, text: redact(entry.text) })) };
    },
    answer: (given) => exclusively(() => answer(given)),
  };
}

const same = (one: FileIdentity, other: FileIdentity): boolean => one.node === other.node && one.hash === other.hash;
