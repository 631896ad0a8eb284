import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { tokenOf } from './attempt.ts';
import { runningWith } from './attempts/processes.ts';
import { startAs } from './run-as.ts';
import type { User, World } from './world.ts';

/** How a session's end comes about, and whether everything of it has gone then. */
interface Life {
  readonly name: string;
  readonly end: (cli: number) => void;
}

export const LIVES: readonly Life[] = [
  { name: 'interrupted', end: (cli) => process.kill(cli, 'SIGINT') },
  { name: 'terminated', end: (cli) => process.kill(cli, 'SIGTERM') },
  { name: 'perch-killed', end: (cli) => process.kill(cli, 'SIGKILL') },
  { name: 'runner-killed', end: (cli) => process.kill(runnerOf(cli), 'SIGKILL') },
];

const LIMIT_MS = 20_000;

interface Judged {
  readonly control: boolean;
  readonly held: boolean;
  readonly why: string;
}

/** A daemon runs inside; then the session's end comes from outside. The control: it ran, and names were held free. */
export async function live(life: Life, given: { world: World; user: User; perch: Perch }): Promise<Judged> {
  const { world, user, perch } = given;
  const token = tokenOf(life, user);
  const before = readdirSync(world.project).sort().join();
  const script = `(setsid bash -c 'trap "" TERM HUP INT; exec -a "${token}" sleep 600' >/dev/null 2>&1 </dev/null &); echo ready; exec -a "${token}" sleep 600`;
  const cli = startAs(user, perch.inSandbox(script), { cwd: world.project, env: perch.environment });
  cli.stderr?.resume();
  await once(cli.stdout ?? cli, 'data');
  const control = runningWith(token) && existsSync(join(world.project, '.envrc'));
  const gone = once(cli, 'close');
  life.end(cli.pid ?? 0);
  const limit = AbortSignal.timeout(LIMIT_MS);
  // Nobody tells of a process that is no child of this one.
  while (runningWith(token) && !limit.aborted) await setTimeout(50);
  const survived = runningWith(token);
  cli.kill('SIGKILL');
  await gone;
  // What a killed Perch could not tidy up, the next one does.
  const [program = '', ...args] = [...user.prefix, ...perch.inSandbox('true')];
  spawnSync(program, args, { cwd: world.project, env: perch.environment, timeout: 60_000 });
  const after = readdirSync(world.project).sort().join();
  return { control, held: !survived && after === before, why: survived ? 'a process lives' : `left: ${after}` };
}

export interface Perch {
  readonly environment: Readonly<Record<string, string>>;
  inSandbox(script: string): string[];
}

function runnerOf(cli: number): number {
  const found = descendants(cli).find((pid) => commandOf(pid).includes('runner.mjs'));
  if (found === undefined) throw new Error('no runner was found');
  return found;
}

function descendants(pid: number): number[] {
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === pid);
  return children.flatMap((child) => [Number(child), ...descendants(Number(child))]);
}

function parentOf(pid: string): number {
  try {
    return Number(
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\)\s/s, '')
        .split(' ')[1],
    );
  } catch {
    return 0;
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
