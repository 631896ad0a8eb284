import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { type RunnerUnderTest, startRunner, startRunnerAs } from './runner-process.ts';
import { createFolders, type TestFolders } from './session-params.ts';

/** Gives each test an empty folder, by its real path, and removes it afterwards. `use` may prepare more. */
export function withFolder(name: string, use: (folder: string) => unknown): void {
  let folder = '';
  beforeEach(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), `perch-${name}-`)));
    await use(folder);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
}

/** Gives each test the folders of a session, and removes them afterwards. `use` may prepare more. */
export function withFolders(use: (folders: TestFolders) => unknown): void {
  let folders: TestFolders | undefined;
  beforeEach(async () => {
    folders = createFolders();
    await use(folders);
  });
  afterEach(() => folders?.remove());
}

interface RunnerOptions {
  /** The user that it runs as, by the words in front of its command; absent: the user that runs the tests. */
  readonly prefix?: readonly string[];
  /** After the test, the runner has written nothing to stderr. */
  readonly isQuiet?: boolean;
}

/** Gives each test a runner of its own with folders, and ends and removes both afterwards. `use` may prepare more. */
export function withRunner(
  use: (own: { runner: RunnerUnderTest; folders: TestFolders }) => unknown,
  { prefix, isQuiet = false }: RunnerOptions = {},
): void {
  let runner: RunnerUnderTest | undefined;
  withFolders(async (folders) => {
    runner = prefix === undefined ? startRunner() : startRunnerAs(prefix);
    await use({ runner, folders });
  });
  afterEach(async () => {
    runner?.peer.close();
    await runner?.exited;
    if (isQuiet) expect(runner?.stderr()).toBe('');
  });
}
