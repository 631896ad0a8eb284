import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..', '..', '..', '..');

export interface TestInstallation {
  readonly folder: string;
  readonly programsDir: string;
  readonly resourcesDir: string;
  readonly dataDir: string;
  remove(): void;
}

/** For tests: an installation of the programs that were bundled before the tests, and an empty data directory. */
export function createTestInstallation(): TestInstallation {
  const folder = mkdtempSync(join(tmpdir(), 'perch-app-'));
  const programsDir = join(folder, 'dist');
  mkdirSync(join(programsDir, 'renderer', 'assets'), { recursive: true });
  symlinkSync(join(root, 'resources'), join(folder, 'resources'));
  const program = (name: string, source: string) =>
    writeFileSync(join(programsDir, name), `import ${JSON.stringify(join(root, source))};\n`);
  program('runner.mjs', 'out/test-programs/runner.mjs');
  program('demo-agent.mjs', 'out/test-programs/demo-agent.mjs');
  writeFileSync(join(programsDir, 'renderer', 'index.html'), '<!doctype html>the window');
  writeFileSync(join(programsDir, 'renderer', 'assets', 'a.js'), 'script()');
  return {
    folder,
    programsDir,
    resourcesDir: join(root, 'resources'),
    dataDir: join(folder, 'data'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
