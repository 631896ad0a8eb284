import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkout, nodeExecutable, noOrdinaryUser, ordinaryUser } from '../../runner/testing/checkout.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-project-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Root may write anywhere, so the check runs as somebody else where the tests run as root. */
function codeFor(mode: number): string {
  chmodSync(folder, mode);
  const module = pathToFileURL(join(checkout, 'electron/core/projects/directory.ts')).href;
  const program = `
    import { resolveProject } from ${JSON.stringify(module)};
    const places = { homeDir: '/h', dataDir: '/d', scratchDir: '/d/s' };
    try {
      process.stdout.write(resolveProject(${JSON.stringify(folder)}, places));
    } catch (error) {
      process.stdout.write(error.code);
    }
  `;
  const asNobody = process.getuid?.() === 0 ? { uid: ordinaryUser.uid, gid: ordinaryUser.uid } : {};
  const run = spawnSync(nodeExecutable, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    timeout: 15_000,
    cwd: tmpdir(),
    ...asNobody,
  });
  return run.stdout || run.stderr;
}

const skipped = noOrdinaryUser === undefined ? '' : ` (skipped: ${noOrdinaryUser})`;
test.skipIf(noOrdinaryUser !== undefined)(
  `a folder that this user may not write to is refused, one that it may is taken${skipped}`,
  () => {
    expect(codeFor(0o555)).toBe('PROJECT_NOT_WRITABLE');
    expect(codeFor(0o777)).toBe(folder);
  },
);
