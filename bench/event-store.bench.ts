/**
 * What the event store costs: its appends against a bare better-sqlite3 loop with the same durability on the same disk,
 * and 100,000 events from the file to a client's transcript through the local socket.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { createClient } from '../electron/core/api/client.ts';
import { connectLocalSocket } from '../electron/core/api/local-socket.ts';
import { createApp } from '../electron/core/app.ts';
import { createNodeHostPorts } from '../electron/core/node-host/host-ports.ts';
import { openDatabase } from '../electron/core/storage/database/database.ts';
import { createTurnStore } from '../electron/core/turns/turn-store.ts';
import { systemClock } from '../electron/node/clock.ts';
import type { RunEvent } from '../shared/model/run-event.ts';
import { EMPTY_TRANSCRIPT, foldEvents } from '../shared/transcript/fold.ts';
import { median } from './report.ts';

const ROUNDS = 15;
/** Appends a round. */
const STREAMED = 2000;
const ENDED = 100;
/** Of a bare loop's speed. */
const APPEND_LIMIT = 0.8;
const REPLAYED = 100_000;
const REPLAY_LIMIT_MS = 1000;

const random = { uuid: () => randomUUID(), fraction: Math.random };
const folder = mkdtempSync(join(tmpdir(), 'perch-bench-store-'));
const say = (index: number): RunEvent => ({ type: 'agent.message', text: `word ${index} of what an agent says ` });
let broken = 0;

function openStore(file: string) {
  const database = openDatabase({ file, clock: systemClock, random });
  return { database, store: createTurnStore(database) };
}

function acceptTurn(store: ReturnType<typeof createTurnStore>, turnId: string): void {
  const facts = { agentId: 'demo', model: '', projectDir: '/', prompt: 'go' };
  store.accept(
    { turnId, sessionId: turnId, bodyHash: '', ...facts },
    { event: { type: 'turn.accepted', ...facts }, at: 1, status: 'accepted' },
  );
}

/** The least that writes an event with a number durably: one prepared statement in a loop. */
function openBare(file: string, synchronous: 'FULL' | 'NORMAL') {
  const sql = new BetterSqlite3(file);
  sql.pragma('journal_mode = WAL');
  sql.pragma(`synchronous = ${synchronous}`);
  sql.exec(`CREATE TABLE IF NOT EXISTS run_event (turn_id TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
    event TEXT NOT NULL, PRIMARY KEY (turn_id, seq)) STRICT, WITHOUT ROWID`);
  const insert = sql.prepare('INSERT INTO run_event (turn_id, seq, at, event) VALUES (?, ?, ?, ?)');
  return {
    sql,
    append: (turnId: string, seq: number, event: RunEvent) => insert.run(turnId, seq, 1, JSON.stringify(event)),
  };
}

function timed(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

function compare(name: string, count: number, synchronous: 'FULL' | 'NORMAL'): void {
  const { database, store } = openStore(join(folder, `${name}.db`));
  const bare = openBare(join(folder, `${name}-bare.db`), synchronous);
  const event = (index: number): RunEvent =>
    synchronous === 'NORMAL'
      ? say(index)
      : { type: 'session.started', sessionId: turnId, agentName: 'a', pid: 1, sandbox: { state: 'off' } };
  let turnId = '';
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS + 2; round++) {
    turnId = randomUUID();
    acceptTurn(store, turnId);
    const runBare = () => {
      for (let index = 1; index <= count; index++) bare.append(turnId, index, event(index));
    };
    const runStore = () => {
      for (let index = 1; index <= count; index++) store.append({ turnId, event: event(index), at: 1 });
    };
    // Whoever goes second finds a busier disk: they take turns.
    const [first, second] = round % 2 === 0 ? [runBare, runStore] : [runStore, runBare];
    const [one, two] = [timed(first), timed(second)];
    if (round >= 2) ratios.push(round % 2 === 0 ? one / two : two / one);
  }
  const ratio = median(ratios);
  if (ratio < APPEND_LIMIT) broken = 1;
  process.stdout.write(
    `event store, ${name}: ${ratio >= APPEND_LIMIT ? 'holds' : 'BROKEN'}\n` +
      `  ${ratio.toFixed(2)} of a bare loop's speed (limit ${APPEND_LIMIT}), median of ${ROUNDS} rounds of ${count}, synchronous=${synchronous}\n`,
  );
  database.close();
  bare.sql.close();
}

async function replay(): Promise<void> {
  const dataDir = join(folder, 'data');
  const turnId = randomUUID();
  const { database, store } = openStore(join(dataDir, 'perch.db'));
  acceptTurn(store, turnId);
  database.sql.transaction(() => {
    for (let index = 2; index < REPLAYED; index++) store.append({ turnId, event: say(index), at: 1 });
  })();
  database.close();
  const environment = { PATH: '/usr/bin:/bin', HOME: join(folder, 'home'), PERCH_DATA_DIR: dataDir };
  const programsDir = join(import.meta.dirname, '..', 'dist');
  const app = await createApp(createNodeHostPorts({ kind: 'cli', version: 'bench', programsDir, environment }));
  const carrier = await connectLocalSocket(dataDir);
  if (carrier === null) throw new Error('the core is not reached');
  const client = createClient(carrier);
  const took: number[] = [];
  for (let round = 0; round < 5; round++) {
    const started = performance.now();
    let transcript = EMPTY_TRANSCRIPT;
    for (;;) {
      const { events } = await client.call('turns.events', { turnId, after: transcript.seq, limit: 5000 });
      transcript = foldEvents(transcript, events).transcript;
      if (events.length < 5000) break;
    }
    took.push(performance.now() - started);
    if (transcript.seq !== REPLAYED) throw new Error(`${transcript.seq} events came`);
  }
  const result = median(took);
  if (result > REPLAY_LIMIT_MS) broken = 1;
  process.stdout.write(
    `replay of ${REPLAYED} events to a client: ${result <= REPLAY_LIMIT_MS ? 'holds' : 'BROKEN'}\n` +
      `  ${result.toFixed(0)} ms, median of ${took.length} (limit ${REPLAY_LIMIT_MS} ms); client and core in one process\n`,
  );
  client.close();
  await app.dispose();
}

try {
  compare('what streams in', STREAMED, 'NORMAL');
  compare('what changes a turn', ENDED, 'FULL');
  await replay();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = broken;
