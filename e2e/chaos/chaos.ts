import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { type Client, createClient } from '../../electron/core/api/client.ts';
import { connectLocalSocket } from '../../electron/core/api/local-socket.ts';
import { PerchError } from '../../shared/errors/perch-error.ts';
import type { StoredRunEvent, TurnSummary } from '../../shared/model/run-event.ts';
import { createInstallation, type Installation } from './installation.ts';
import { digestOf, note, readJournal } from './journal.ts';
import { descendants, whenGone } from './processes.ts';
import { createRandom, type Random } from './random.ts';

interface Findings {
  /** Everything that may not be, in words; empty when all is well. */
  readonly broken: string[];
  readonly turns: number;
  readonly events: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly kills: Readonly<Record<string, number>>;
  /** Milliseconds until nothing was left of a killed app, the slowest. */
  readonly slowestEnd: number;
}

/** From the requirements: after the app was killed nothing of it is left for longer. In milliseconds. */
const ORPHAN_LIMIT_MS = 2000;

/** Kills things at random while turns are submitted, then holds all that clients were told against what is there. */
export async function runChaos(options: { seed: number; rounds: number }): Promise<Findings> {
  const random = createRandom(options.seed);
  const installation = await createInstallation();
  const broken: string[] = [];
  const kills: Record<string, number> = {};
  let slowestEnd = 0;
  let app = await installation.startApp();
  let follower = await installation.startFollower(random.between(100, 700));
  const submitted: string[] = [];
  let over = false;

  /** One after the other, some of them into a conversation that is there already; retried until they are answered. */
  async function submitAll(): Promise<void> {
    let sessionId: string | undefined;
    while (!over) {
      const turnId = randomUUID();
      const order = { id: turnId, words: random.between(1, 60), paceMs: random.between(1, 6) };
      const body = { agentId: 'demo', projectDir: installation.projectDir, prompt: JSON.stringify(order) };
      const goOn = random.fraction() < 0.4 && sessionId !== undefined ? { sessionId } : {};
      const turn = await submitUntilAnswered(installation, { turnId, ...body, ...goOn }, random);
      submitted.push(turnId);
      sessionId = turn.sessionId;
      await pause(random.between(0, 250));
    }
  }

  async function killApp(): Promise<void> {
    const family = descendants(app.pid ?? 0);
    await kill(app);
    const { took, left } = await whenGone(family, 10_000);
    slowestEnd = Math.max(slowestEnd, took);
    if (took > ORPHAN_LIMIT_MS) broken.push(`it took ${Math.round(took)} ms until nothing was left of a killed app`);
    for (const orphan of left) broken.push(`orphan: ${orphan.command}`);
    broken.push(...integrity(installation));
    app = await installation.startApp();
  }

  const killChild = (part: string) => {
    const found = descendants(app.pid ?? 0).filter(({ command }) => command.includes(part));
    const victim = found[random.between(0, Math.max(1, found.length))];
    if (victim !== undefined) process.kill(victim.pid, 'SIGKILL');
  };
  const actions = {
    app: killApp,
    runner: async () => killChild('runner.mjs'),
    agent: async () => killChild('demo-agent.mjs'),
    async window() {
      await kill(follower);
      follower = await installation.startFollower(random.between(100, 700));
    },
  };

  try {
    const submitting = submitAll();
    for (let round = 0; round < options.rounds; round++) {
      await pause(random.between(50, 900));
      const target = random.pick(['app', 'app', 'runner', 'agent', 'agent', 'window'] as const);
      kills[target] = (kills[target] ?? 0) + 1;
      await actions[target]();
    }
    over = true;
    await submitting;
    const turns = await allEnded(installation, submitted);
    await caughtUp(installation, turns);
    const { problems, events } = await judge(installation, turns);
    broken.push(...problems);
    const family = descendants(app.pid ?? 0);
    await kill(app, 'SIGTERM');
    broken.push(...(await whenGone(family, 5000)).left.map(({ command }) => `left after a quit: ${command}`));
    broken.push(...integrity(installation));
    return { broken, turns: turns.length, events, outcomes: countBy(turns), kills, slowestEnd };
  } finally {
    over = true;
    await Promise.all([kill(app), kill(follower)]);
    installation.remove();
  }
}

async function kill(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

/** A client of the moment; undefined while there is no core. */
async function withClient<T>(installation: Installation, use: (client: Client) => Promise<T>): Promise<T | undefined> {
  const carrier = await connectLocalSocket(installation.dataDir).catch(() => null);
  if (carrier === null) return undefined;
  const client = createClient(carrier);
  try {
    return await use(client);
  } catch (error) {
    if (error instanceof PerchError && error.code === 'CORE_UNREACHABLE') return undefined;
    throw error;
  } finally {
    client.close();
  }
}

type Submission = Parameters<typeof submitOnce>[1];

async function submitOnce(
  client: Client,
  submission: { turnId: string; agentId: string; projectDir: string; prompt: string; sessionId?: string },
  twice: boolean,
): Promise<TurnSummary | undefined> {
  try {
    const calls = (twice ? [1, 2] : [1]).map(() => client.call('turns.submit', submission));
    const [first, second = first] = (await Promise.all(calls)).map(({ turn }) => turn);
    if (first?.turnId !== second?.turnId) throw new Error('one submission became two turns');
    return first as TurnSummary | undefined;
  } catch (error) {
    // So many killed runners are a crash loop, rightly: somebody has to press the button.
    if (!(error instanceof PerchError) || error.code !== 'RUNNER_NOT_CONNECTED') throw error;
    await client.call('runner.restart', {});
    return undefined;
  }
}

async function submitUntilAnswered(installation: Installation, submission: Submission, random: Random) {
  for (;;) {
    const twice = random.fraction() < 0.3;
    const turn = await withClient(installation, (client) => submitOnce(client, submission, twice));
    if (turn !== undefined) {
      note(`${installation.journal}-submitted`, { kind: 'submitted', turnId: submission.turnId });
      return turn;
    }
    await pause(20);
  }
}

async function allEnded(installation: Installation, turnIds: readonly string[]): Promise<TurnSummary[]> {
  const ended: TurnSummary[] = [];
  for (const turnId of turnIds) {
    for (;;) {
      const turn = (await withClient(
        installation,
        async (client) => (await client.call('turns.get', { turnId })).turn,
      )) as TurnSummary | undefined;
      if (turn?.endedAt !== undefined) {
        ended.push(turn);
        break;
      }
      await pause(50);
    }
  }
  return ended;
}

/** Until the window was told of every end. */
async function caughtUp(installation: Installation, turns: readonly TurnSummary[]): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    const told = new Set(
      readJournal(installation.journal).map((entry) => entry.kind === 'event' && `${entry.turnId} ${entry.seq}`),
    );
    if (turns.slice(-50).every(({ turnId, lastSeq }) => told.has(`${turnId} ${lastSeq}`))) return;
    await pause(50);
  }
}

async function judge(installation: Installation, turns: readonly TurnSummary[]) {
  const problems: string[] = [];
  const executions = installation.executions();
  const told = new Map<string, string>();
  for (const entry of readJournal(installation.journal)) {
    if (entry.kind !== 'event') continue;
    const place = `${entry.turnId} ${entry.seq}`;
    // The journal's writer was killed as well: it may have noted one event again, never another one in its place.
    const before = told.get(place);
    if (before !== undefined) problems.push(`${place} was told ${before === entry.digest ? 'twice' : 'in two ways'}`);
    told.set(place, entry.digest);
  }
  let count = 0;
  const kept = new Set<string>();
  for (const { turnId, status, lastSeq } of turns) {
    const events = await eventsOf(installation, turnId);
    count += events.length;
    if (events.some(({ seq }, index) => seq !== index + 1) || events.length !== lastSeq)
      problems.push(`${turnId}: a gap`);
    const ends = events.filter(({ event }) => event.type === 'turn.ended').length;
    if (ends !== 1) problems.push(`${turnId}: ${ends} ends`);
    const ran = executions.get(turnId) ?? 0;
    if (ran > 1) problems.push(`${turnId} ran ${ran} times`);
    if (status === 'completed' && ran !== 1) problems.push(`${turnId} is completed and ran ${ran} times`);
    for (const stored of events) {
      const place = `${turnId} ${stored.seq}`;
      kept.add(place);
      const digest = told.get(place);
      if (digest === undefined) problems.push(`${place} was never told`);
      else if (digest !== digestOf(stored)) problems.push(`${place} is not what was told`);
    }
  }
  for (const place of told.keys()) if (!kept.has(place)) problems.push(`${place} was told and is lost`);
  const known = new Set(turns.map(({ turnId }) => turnId));
  for (const id of executions.keys()) if (!known.has(id)) problems.push(`${id} ran and nobody submitted it`);
  return { problems, events: count };
}

async function eventsOf(installation: Installation, turnId: string): Promise<StoredRunEvent[]> {
  const answer = await withClient(installation, (client) =>
    client.call('turns.events', { turnId, after: 0, limit: 5000 }),
  );
  return (answer?.events ?? []) as StoredRunEvent[];
}

function integrity({ dataDir }: Installation): string[] {
  const sql = new BetterSqlite3(join(dataDir, 'perch.db'));
  const answer = sql.pragma('integrity_check', { simple: true });
  sql.close();
  return answer === 'ok' ? [] : [`integrity_check: ${answer}`];
}

function countBy(turns: readonly TurnSummary[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of turns) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
