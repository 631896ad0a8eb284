import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const root = join(import.meta.dirname, '..', '..');

/** A Perch of its own whose built-in agent is the journaling one. */
export interface Installation {
  readonly dataDir: string;
  readonly journal: string;
  /** How often each prompt reached an agent, by what the agents wrote down. */
  executions(): Map<string, number>;
  readonly projectDir: string;
  /** Answers once it serves. */
  startApp(): Promise<ChildProcess>;
  startFollower(cutMs: number): Promise<ChildProcess>;
  remove(): void;
}

interface InstallationOptions {
  /** Beside what every app here gets. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Changes the app's own copy of `resources/`. */
  readonly withResources?: (resourcesDir: string) => void;
}

export async function createInstallation(options: InstallationOptions = {}): Promise<Installation> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'perch-chaos-')));
  const [dist, home, projectDir] = [join(folder, 'dist'), join(folder, 'home'), join(folder, 'project')];
  const [dataDir, journal] = [join(folder, 'data'), join(folder, 'journal')];
  for (const made of [home, projectDir]) mkdirSync(made);
  cpSync(join(root, 'dist'), dist, { recursive: true });
  cpSync(join(root, 'resources'), join(folder, 'resources'), { recursive: true });
  options.withResources?.(join(folder, 'resources'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const agent = await rolldown({ input: join(root, 'e2e/fake-agents/journaling.ts'), platform: 'node' });
  await agent.write({ file: join(dist, 'demo-agent.mjs'), format: 'esm' });
  await agent.close();

  async function start(args: string[], stderr: 'inherit' | 'ignore'): Promise<ChildProcess> {
    const child = spawn(process.execPath, args, {
      cwd: projectDir,
      env: { PATH: '/usr/bin:/bin', ...options.environment, HOME: home, LANG: 'C.UTF-8', PERCH_DATA_DIR: dataDir },
      stdio: ['ignore', 'pipe', stderr],
    });
    const early = once(child, 'exit').then(([code]) => {
      throw new Error(`${args[0]} ended with ${code} before it was ready`);
    });
    early.catch(() => undefined);
    await Promise.race([once(child.stdout ?? child, 'data'), early]);
    child.stdout?.resume();
    return child;
  }

  return {
    dataDir,
    journal,
    projectDir,
    executions() {
      const counts = new Map<string, number>();
      const file = join(projectDir, 'executions.log');
      const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
      for (const id of lines) counts.set(id, (counts.get(id) ?? 0) + 1);
      return counts;
    },
    startApp: () => start([join(dist, 'loopback.mjs'), '--json'], 'inherit'),
    startFollower: (cutMs) =>
      start([join(import.meta.dirname, 'follower.ts'), dataDir, journal, String(cutMs)], 'inherit'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
