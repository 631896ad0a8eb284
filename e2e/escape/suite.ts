import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout, nodeExecutable } from '../../electron/runner/testing/checkout.ts';
import type { SandboxPolicy } from '../../shared/model/sandbox-policy.ts';
import { type Attempt, tokenOf, tokenTail } from './attempt.ts';
import { hiding } from './attempts/hiding.ts';
import { changedNetwork, directNetwork, proxiedNetwork } from './attempts/network.ts';
import { persistence } from './attempts/persistence.ts';
import { processes } from './attempts/processes.ts';
import { secrets } from './attempts/secrets.ts';
import { worktree } from './attempts/worktree.ts';
import { writeOut } from './attempts/write-out.ts';
import { layOut, resultOf } from './batch.ts';
import type { BehindProxy } from './behind-proxy.ts';
import { tryBetweenTurns } from './between-turns.ts';
import { startListeners } from './listeners.ts';
import { LIVES, live, type Perch } from './lives.ts';
import { runAs } from './run-as.ts';
import type { Tally } from './tally.ts';
import { startVictim } from './victim.ts';
import { furnish, makeWorld, type User, type World } from './world.ts';

const HERE = join(checkout, 'e2e', 'escape');

/** Attempts that share one run of the sandbox. */
interface Group {
  readonly kinds: readonly { readonly kind: string; readonly attempts: readonly Attempt[] }[];
  /** Through the real command; or behind a proxy whose names and addresses are made up. */
  readonly by: 'perch' | 'proxy';
  readonly change?: NonNullable<BehindProxy['change']>;
}

const GROUPS: readonly Group[] = [
  {
    by: 'perch',
    kinds: [
      { kind: 'write out', attempts: writeOut },
      // Before the next kind: outside, that spoils the user's own settings of git.
      { kind: 'hiding orders', attempts: hiding },
      { kind: 'in a worktree', attempts: worktree },
      { kind: 'persistence', attempts: persistence },
      { kind: 'secrets', attempts: secrets },
      { kind: 'processes and IPC', attempts: processes },
      { kind: 'network, direct', attempts: directNetwork },
    ],
  },
  { by: 'proxy', kinds: [{ kind: 'network, by the proxy', attempts: proxiedNetwork }] },
  ...(['empty', 'broken-update', 'narrowed', 'proxy-gone'] as const).map(
    (change): Group => ({
      by: 'proxy',
      change,
      kinds: [{ kind: 'configuration', attempts: changedNetwork[change] }],
    }),
  ),
];

/** Everything as one user: each attempt once outside, where it must succeed, and three times inside. */
export async function runAsUser(
  user: User,
  given: { root: string; repeats: number; only?: string; tally: Pick<Tally, 'add'>; say: (line: string) => void },
): Promise<void> {
  const { root, repeats, tally, say, only } = given;
  const isWanted = (...kinds: string[]): boolean => only === undefined || kinds.some((kind) => kind.includes(only));
  if (isWanted('between turns')) {
    for (let run = 1; run <= repeats; run++) {
      say(`as ${user.name}: between turns, ${run}/${repeats}`);
      await tryBetweenTurns(user, tally);
    }
  }
  const listeners = await startListeners(join(root, 'sockets'));
  const perch = perchOf(root);
  const draft = makeWorld({
    root,
    user,
    listeners,
    victim: { variables: {}, secret: '', alive: () => true, stop: async () => {} },
  });
  const victim = await startVictim(user, draft.secret);
  const world: World = { ...draft, variables: { ...draft.variables, ...victim.variables } };
  try {
    prepareWorld(world, user, []);
    const policy = await policyOf(world, user, perch);
    for (const group of GROUPS.filter(({ kinds }) => isWanted(...kinds.map(({ kind }) => kind)))) {
      for (let run = 0; run <= repeats; run++) {
        say(
          `as ${user.name}: ${group.kinds.map(({ kind }) => kind).join(', ')}${group.change === undefined ? '' : ` (${group.change})`}, ${run === 0 ? 'outside' : `inside ${run}/${repeats}`}`,
        );
        listeners.forget();
        await runGroup(group, { user, world, policy, perch, tally, outside: run === 0, received: listeners.received });
      }
    }
    prepareWorld(world, user, []);
    for (const life of isWanted('the end of a session') ? LIVES : []) {
      say(`as ${user.name}: the end of a session, ${life.name}`);
      for (let run = 1; run <= repeats; run++) {
        const { control, held, why } = await live(life, { world, user, perch });
        const outcome = !control ? 'could not run' : held ? 'held' : 'escaped';
        tally.add({ kind: 'the end of a session', name: life.name, user: user.name }, outcome, why);
      }
    }
  } finally {
    await victim.stop();
    listeners.close();
  }
}

interface GroupRun {
  readonly user: User;
  readonly world: World;
  readonly policy: SandboxPolicy;
  readonly perch: Perch;
  readonly tally: Pick<Tally, 'add'>;
  readonly outside: boolean;
  readonly received: () => string;
}

async function runGroup(
  group: Group,
  { user, world: plain, policy, perch, tally, outside, received }: GroupRun,
): Promise<void> {
  const isRoot = user.uid === 0;
  const kinds = group.kinds.map(({ kind, attempts }) => ({
    kind,
    attempts: attempts.filter(({ onlyAsRoot }) => isRoot || onlyAsRoot !== true),
  }));
  const attempts = kinds.flatMap((one) => one.attempts);
  const target = spawn('/bin/bash', ['-c', `exec -a "TARGET.${plain.secret}" sleep 600`], {
    stdio: 'ignore',
    ...(process.getuid?.() === 0 ? { uid: user.uid, gid: user.uid } : {}),
  });
  const world: World = { ...plain, variables: { ...plain.variables, TARGET: String(target.pid) } };
  prepareWorld(world, user, attempts);
  const late = attempts.find(({ script }) => script.includes('" late '))?.name;
  const script = layOut(world, attempts, late === undefined ? {} : { late });
  giveTo(user, world);
  const environment = { ...perch.environment, ...world.variables };
  const command =
    group.by === 'proxy'
      ? behindProxy({
          script,
          policy,
          environment: { ...world.variables, PATH: '/usr/bin:/bin', HOME: '/home/agent' },
          open: outside,
          ...(group.change === undefined ? {} : { change: group.change }),
        })
      : outside
        ? ['/bin/bash', '-c', script]
        : perch.inSandbox(script);
  const done = await runAs(user, command, { cwd: world.project, env: environment });
  for (const { kind, attempts: some } of kinds) {
    for (const attempt of some) {
      const { loot, problem } = resultOf(world, attempt);
      const of = { kind, name: attempt.name, user: user.name };
      const escaped = attempt.escaped({ world, loot, received: received() }, tokenOf(attempt, world));
      if (outside) {
        if (!escaped)
          tally.add(of, 'could not run', `its positive control failed: ${problem ?? lastErrors(world, attempt)}`);
      } else if (escaped) tally.add(of, 'escaped');
      else
        tally.add(
          of,
          problem === undefined ? 'held' : 'could not run',
          problem === undefined ? '' : `${problem} ${done.errors}`,
        );
    }
  }
  target.kill('SIGKILL');
  endSurvivors(world);
}

const lastErrors = (world: World, { name }: Attempt): string =>
  (world.read(join(world.project, 'results', `${name}.err`)) ?? '').trim().split('\n').slice(-2).join(' / ');

function behindProxy(request: BehindProxy): string[] {
  return [nodeExecutable, join(HERE, 'behind-proxy.ts'), JSON.stringify(request)];
}

function prepareWorld(world: World, user: User, attempts: readonly Attempt[]): void {
  furnish(world);
  copyFileSync(join(HERE, 'client.py'), join(world.project, 'client.py'));
  giveTo(user, world);
  for (const attempt of attempts) attempt.prepare?.(world);
  giveTo(user, world);
}

function giveTo(user: User, { root }: World): void {
  if (user.uid !== process.getuid?.()) spawnSync('/bin/chown', ['-hR', `${user.uid}:${user.uid}`, root]);
}

/** What an attempt left running on the host: the controls do, by design. */
function endSurvivors(world: World): void {
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      if (command.startsWith('ESC.outlives-') && command.includes(tokenTail(world)))
        process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has gone.
    }
  }
}

function perchOf(root: string): Perch {
  const environment = {
    PATH: '/usr/bin:/bin',
    LANG: 'C.UTF-8',
    HOME: join(root, 'home'),
    PERCH_DATA_DIR: join(root, 'data'),
  };
  const cli = [nodeExecutable, join(checkout, 'dist', 'cli.mjs')];
  const project = join(root, 'project');
  return {
    environment,
    inSandbox: (script) => [
      ...cli,
      'sandbox',
      'run',
      '--agent',
      'demo',
      '--project',
      project,
      '--',
      'bash',
      '-c',
      script,
    ],
  };
}

/** The real policy, as the built program prints it. */
async function policyOf({ project }: World, user: User, perch: Perch): Promise<SandboxPolicy> {
  const [program = '', ...args] = [
    ...user.prefix,
    ...[
      nodeExecutable,
      join(checkout, 'dist', 'cli.mjs'),
      'sandbox',
      'show',
      '--agent',
      'demo',
      '--project',
      project,
      '--json',
    ],
  ];
  const shown = spawnSync(program, args, { cwd: project, env: perch.environment, encoding: 'utf8', timeout: 60_000 });
  if (shown.status !== 0)
    throw new Error(`perch sandbox show failed as ${user.name}: ${shown.stderr}${shown.error ?? ''}`);
  return (JSON.parse(shown.stdout) as { policy: SandboxPolicy }).policy;
}
