import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { nodeExecutable } from '../../electron/runner/testing/checkout.ts';
import { type RunnerUnderTest, runnerFile, startRunner } from '../../electron/runner/testing/runner-process.ts';
import {
  createFolders,
  fakeAgent,
  startParams,
  type TestFolders,
} from '../../electron/runner/testing/session-params.ts';
import type { AgentEvent } from '../../shared/model/run-event.ts';
import { betweenTurns, PRELUDE, type RestAttempt } from './attempts/between-turns.ts';
import type { Tally } from './tally.ts';
import type { User } from './world.ts';

const KIND = 'between turns';
const GUARD = { names: ['.vscode'], held: [], empty: [] };
/** The file by which the user says that a write would be one between two turns. */
const SIGN = 'sign';
/** Milliseconds that are long against every timer of an attempt, and against what races to be stopped. */
const REST_MS = { timed: 2_500, racing: 500 };

/**
 * Attempts to be at work while a session waits: one turn starts them, and they write something guarded as soon as the user
 * has given a sign. An attempt that has written before the next turn has escaped. The positive control is that turn: it
 * lets the very same processes go on, and then each write is noticed. Those that race with what stops them are alone: with
 * others a slow machine does not stop them in time, and ends their session.
 */
export async function tryBetweenTurns(user: User, tally: Pick<Tally, 'add'>): Promise<void> {
  await tryTogether(
    betweenTurns.filter(({ races }) => races !== true),
    REST_MS.timed,
    { user, tally },
  );
  for (const attempt of betweenTurns) if (attempt.races) await tryTogether([attempt], REST_MS.racing, { user, tally });
}

interface Given {
  readonly user: User;
  readonly tally: Pick<Tally, 'add'>;
}

async function tryTogether(attempts: readonly RestAttempt[], restMs: number, { user, tally }: Given): Promise<void> {
  const session = await openSession(user, attempts);
  try {
    await session.turn(startOf(attempts));
    session.put(SIGN);
    await setTimeout(restMs);
    const escaped = new Set(attempts.filter(({ name }) => session.exists(`${name}/.vscode`)).map(({ name }) => name));
    const noticed = await session.turn(writesOf(attempts)).catch(() => undefined);
    const wasBroken = session.why().includes('was at work between two turns');
    const told = noticed ?? (wasBroken ? { aside: [] } : await controlOf(attempts, user));
    for (const { name, makes } of attempts) {
      const of = { kind: KIND, name, user: user.name };
      if (escaped.has(name) || wasBroken) tally.add(of, 'escaped', session.why());
      else if (!told.aside.includes(`${name}/.vscode`)) {
        tally.add(of, 'could not run', `its positive control failed: ${session.lastError(name)}`);
      } else if (makes !== undefined && !session.exists(makes)) tally.add(of, 'could not run', `there is no ${makes}`);
      else tally.add(of, 'held');
    }
  } finally {
    await session.close();
  }
}

/** Where a session was ended because it could not be held still: the same write in a turn. */
async function controlOf(attempts: readonly RestAttempt[], user: User) {
  const session = await openSession(user, attempts);
  try {
    session.put(SIGN);
    return await session.turn(`${startOf(attempts)}\n${writesOf(attempts)}`);
  } finally {
    await session.close();
  }
}

/** Answers when all of them are prepared. */
function startOf(attempts: readonly RestAttempt[]): string {
  const starts = attempts.map(({ name }) => `python3 -I -S ${name}.py ${name} ${SIGN} >/dev/null 2>${name}.err &`);
  const waits = attempts.map(({ name }) => `while [ ! -e ready-${name} ]; do sleep 0.02; done`);
  return `${starts.join('\n')}\n${waits.join('\n')}`;
}

/** Waits until each of them has written, also where the machine is slow: at most some ten seconds. */
function writesOf(attempts: readonly RestAttempt[]): string {
  const waits = attempts.map(
    ({ name }) =>
      `n=0; while set -- ${name}/.vscode*; [ ! -e "$1" ] && [ $n -lt 500 ]; do n=$((n+1)); sleep 0.02; done`,
  );
  return `${waits.join('\n')}\nsleep 0.2`;
}

async function openSession(user: User, attempts: readonly RestAttempt[]) {
  const folders: TestFolders = createFolders();
  const at = (path: string): string => join(folders.project, path);
  for (const { name, program } of attempts) writeFileSync(at(`${name}.py`), PRELUDE + program);
  mkdirSync(join(folders.root, 'data', 'records'), { recursive: true });
  const own = (): void => {
    if (user.uid !== process.getuid?.()) spawnSync('/bin/chown', ['-R', `${user.uid}:${user.uid}`, folders.root]);
  };
  own();
  const runner: RunnerUnderTest = startRunner(commandAs(user));
  const params = startParams({ folders, script: fakeAgent('leaving'), policy: { guard: GUARD, nesting: true } });
  await runner.request('session.start', params);
  const { sessionId } = params;
  return {
    exists: (path: string): boolean => existsSync(at(path)),
    put(path: string): void {
      writeFileSync(at(path), '');
    },
    /** The last line that an attempt's program wrote to stderr. */
    lastError: (name: string): string =>
      readFileSync(at(`${name}.err`), 'utf8')
        .trim()
        .split('\n')
        .at(-1) || 'it said nothing',
    /** With the paths that were set aside in it. */
    async turn(prompt: string): Promise<{ readonly aside: readonly string[] }> {
      const turnId = randomUUID();
      await runner.request('session.prompt', { sessionId, turnId, prompt });
      const events = runner.notifications
        .filter(({ name, params: { turnId: of } }) => name === 'turn.event' && of === turnId)
        .map(({ params: { event } }) => event as AgentEvent);
      return { aside: events.flatMap((event) => (event.type === 'file.guarded' ? [event.path] : [])) };
    },
    /** The runner's own words about the end of a session. */
    why: (): string =>
      runner.notifications
        .filter(({ name, params: { level } }) => name === 'log.line' && (level === 'error' || level === 'warn'))
        .map(({ params: { message } }) => String(message))
        .join('; '),
    async close(): Promise<void> {
      runner.peer.close();
      await runner.exited;
      folders.remove();
    },
  };
}

function commandAs({ prefix }: User): Parameters<typeof startRunner>[0] {
  const [command, ...args] = prefix;
  return command === undefined ? {} : { command, args: [...args, nodeExecutable, runnerFile] };
}
