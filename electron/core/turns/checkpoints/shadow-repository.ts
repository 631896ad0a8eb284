import { existsSync, lstatSync, mkdirSync, rmdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defined } from '../../../../shared/defined.ts';
import { SECRET_FILES } from '../../launch/session-env/guarded-names.ts';
import { CheckpointProblem, type GitPlace, runGit } from './git.ts';
import { readChanges, readDiffering, type TreeChange } from './listing.ts';

/** Milliseconds that one snapshot may take; the prompt waits for it. */
const SNAPSHOT_MS = 4000;
/** An undo is waited for: it may take longer. */
const RESTORE_MS = 60_000;
const MAX_FILES = 100_000;
/** Files that git reads at once: what was read stays read when the time is up. */
const BATCH = 2000;
/** Larger ones are not kept: they are results, not sources. */
const MAX_FILE_BYTES = 20 * 1024 * 1024;
/** So are these, in projects that do not say so themselves. */
const RESULTS = ['node_modules/'];

const CONFIG = `[core]
\trepositoryformatversion = 0
\tbare = false
\tautocrlf = false
\tsafecrlf = false
\tfsmonitor = false
\thooksPath = /dev/null
\texcludesFile = /dev/null
\tattributesFile = /dev/null
[gc]
\tauto = 0
[diff]
\tignoreSubmodules = all
`;
/** The bytes as they are: what a project's own .gitattributes says would name programs. */
const ATTRIBUTES = '* -filter -text -ident -working-tree-encoding !eol\n';

/**
 * The files of a working directory at several times, in a repository of Perch's own beside whatever the project has
 * itself. What the project ignores, and its files of secrets, are in none of them.
 */
export interface ShadowRepository {
  /** The files as they are now. @throws CheckpointProblem */
  snapshot(): Promise<string>;
  changes(before: string, after: string): Promise<TreeChange[]>;
  /** Makes these paths what they are in that tree. */
  restore(tree: string, changes: readonly TreeChange[]): Promise<void>;
  /** From now on the trees are kept under this name. */
  keep(name: string, trees: readonly string[]): Promise<void>;
  /** Removes what was kept under these names. */
  drop(names: readonly string[]): Promise<void>;
}

export function createShadowRepository(
  place: GitPlace,
  options: { readonly secretFiles?: readonly string[] } = {},
): ShadowRepository {
  const { gitDir, workTree } = place;
  const run = (args: readonly string[], input?: string, limitMs = SNAPSHOT_MS): Promise<string> =>
    runGit(place, args, { limitMs, ...defined({ input }) });
  let last: string | undefined;

  async function prepare(): Promise<void> {
    if (existsSync(join(gitDir, 'HEAD'))) return;
    mkdirSync(join(gitDir, 'info'), { recursive: true, mode: 0o700 });
    for (const folder of ['objects', 'refs']) mkdirSync(join(gitDir, folder), { recursive: true });
    const excluded = options.secretFiles ?? SECRET_FILES;
    writeFileSync(join(gitDir, 'config'), CONFIG);
    writeFileSync(join(gitDir, 'info', 'attributes'), ATTRIBUTES);
    writeFileSync(join(gitDir, 'info', 'exclude'), `${[...excluded, ...RESULTS].join('\n')}\n`);
    // Last: with it the repository is one.
    writeFileSync(join(gitDir, 'HEAD'), 'ref: refs/heads/none\n');
  }

  async function takeIn({ present, gone }: ReturnType<typeof readDiffering>): Promise<void> {
    const deadline = performance.now() + SNAPSHOT_MS;
    const kept = present.filter((path) => isKept(join(workTree, path)));
    const left = new Set(kept);
    // A path that became a folder, or too large a file, is no file of the checkpoint any more.
    const removed = [...gone, ...present.filter((path) => !left.has(path))];
    if (removed.length > 0) await run(['update-index', '-z', '--force-remove', '--stdin'], joined(removed));
    for (let at = 0; at < kept.length; at += BATCH) {
      if (performance.now() > deadline) throw new CheckpointProblem('too-slow');
      await run(['update-index', '-z', '--add', '--replace', '--stdin'], joined(kept.slice(at, at + BATCH)));
    }
  }

  return {
    async snapshot() {
      await prepare();
      // A git that was killed leaves its lock; no other process works in this repository.
      rmSync(join(gitDir, 'index.lock'), { force: true });
      const listed = await run(['ls-files', '-z', '-t', '--others', '--modified', '--deleted', '--exclude-standard']);
      const differing = readDiffering(listed);
      if (differing.present.length > MAX_FILES) throw new CheckpointProblem('too-many-files');
      const isSame = differing.present.length + differing.gone.length === 0;
      if (isSame && last !== undefined) return last;
      if (!isSame) await takeIn(differing);
      last = (await run(['write-tree', '--missing-ok'])).trim();
      return last;
    },
    async changes(before, after) {
      if (before === after) return [];
      return readChanges(
        await run(['diff-tree', '-r', '-z', '--raw', '--no-renames', '--ignore-submodules=all', before, after]),
      );
    },
    async restore(tree, changes) {
      last = undefined;
      const index = join(gitDir, `restore-${process.pid}`);
      const other = (args: readonly string[], input?: string) =>
        runGit(place, args, { index, limitMs: RESTORE_MS, ...defined({ input }) });
      try {
        await other(['read-tree', tree]);
        const back = changes.filter(({ change }) => change !== 'added').map(({ path }) => path);
        // Before the others come back: one may be a folder where another was a file.
        for (const { path, change } of changes) if (change === 'added') removeFile(workTree, path);
        if (back.length > 0) await other(['checkout-index', '-z', '--force', '--stdin'], joined(back));
      } finally {
        rmSync(index, { force: true });
      }
    },
    async keep(name, trees) {
      const lines = trees.map((tree, at) => `update refs/checkpoints/${name}/${at} ${tree}\n`);
      await run(['update-ref', '--stdin'], lines.join(''));
    },
    async drop(names) {
      if (names.length === 0 || !existsSync(join(gitDir, 'HEAD'))) return;
      const prefixes = names.map((name) => `refs/checkpoints/${name}/`);
      const refs = await run(['for-each-ref', '--format=%(refname)', ...prefixes]);
      const lines = refs.split('\n').filter((ref) => ref !== '');
      await run(['update-ref', '--stdin'], lines.map((ref) => `delete ${ref}\n`).join(''));
      await run(['prune', '--expire=now'], undefined, RESTORE_MS);
    },
  };
}

const joined = (paths: readonly string[]): string => paths.map((path) => `${path}\0`).join('');

function isKept(file: string): boolean {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  return stat !== undefined && (stat.isSymbolicLink() || (stat.isFile() && stat.size <= MAX_FILE_BYTES));
}

/** Never through a link: what stands behind one is not the project's. Folders that are empty then go with it. */
function removeFile(workTree: string, path: string): void {
  const folders: string[] = [];
  for (let above = dirname(path); above !== '.'; above = dirname(above)) folders.push(join(workTree, above));
  const isReal = (folder: string) => lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!folders.every(isReal)) return;
  const file = join(workTree, path);
  const stat = lstatSync(file, { throwIfNoEntry: false });
  if (stat === undefined || stat.isDirectory()) return;
  unlinkSync(file);
  for (const folder of folders) {
    try {
      rmdirSync(folder);
    } catch {
      // Not empty.
      return;
    }
  }
}
