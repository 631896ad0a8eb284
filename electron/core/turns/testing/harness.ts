import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import type { Params } from '../../../../shared/contract/methods.ts';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { LogName } from '../../../../shared/model/log-position.ts';
import type { RunEvent, StoredRunEvent } from '../../../../shared/model/run-event.ts';
import type { Launch, LaunchRequest } from '../../launch/launch.ts';
import { createGivenNames } from '../../launch/session-env/given-names.ts';
import { openDatabase } from '../../storage/database/database.ts';
import { createLogStore } from '../../storage/logs/log-store.ts';
import type { CredentialUse } from '../ports.ts';
import { createTurnService } from '../turn-service.ts';
import { createFakeRunner } from './fake-runner.ts';
import { createManualClock } from './manual-clock.ts';

export type Harness = ReturnType<typeof createHarness>;

const END_LINE = /^The turn (completed|was cancelled|failed)/;

export function fakeLaunch(changes: Partial<Launch> = {}): Launch {
  return {
    launch: {
      adapter: 'acp',
      command: '/usr/bin/fake',
      args: [],
      stateFiles: [],
      modelBy: 'launch',
      failureSigns: { errorTexts: [], authenticationTexts: [], ignoredTexts: [] },
      limits: { start: 1000, silence: 0, stop: 1000 },
    },
    environment: { OPENAI_API_KEY: 'sk-value' },
    secretNames: ['OPENAI_API_KEY'],
    variables: [],
    environmentNames: [],
    policy: {
      enforcement: 'required',
      readOnly: [],
      writable: [],
      state: { hostPath: '/state', sandboxPath: '/home/agent' },
      workingDirectory: '/',
      network: { kind: 'none' },
      guard: { names: [], held: [], empty: [] },
      limits: { processes: 1, fileBytes: 1, memoryBytes: 1 },
      nesting: false,
      nodeExecutable: '/usr/bin/node',
      records: '/records',
    },
    credentials: [],
    providerId: 'openai',
    auth: { mode: 'byo', model: 'model-1' },
    notices: [],
    rules: { mode: 'ask' },
    fingerprint: 'fingerprint-1',
    ...changes,
  };
}

/** A turn service on a real database file and real logs, with a runner that the test plays. */
export function createHarness() {
  const folder = mkdtempSync(join(tmpdir(), 'perch-runs-'));
  const dataDir = join(folder, 'data');
  const scratchDir = join(dataDir, 'scratch');
  const homeDir = join(folder, 'home');
  const projectDir = join(folder, 'home', 'project');
  for (const directory of [dataDir, projectDir]) mkdirSync(directory, { recursive: true });
  const file = join(dataDir, 'perch.db');
  const clock = createManualClock();
  const random = { uuid: () => randomUUID(), fraction: () => 0.5 };
  const database = openDatabase({ file, clock, random });
  const secondReader = new BetterSqlite3(file, { readonly: true });
  const logFailures: unknown[] = [];
  const logs = createLogStore({
    dir: join(dataDir, 'logs'),
    clock,
    redact: (text) => text,
    onWriteFailure: (error) => logFailures.push(error),
  });
  const runner = createFakeRunner();
  const published: StoredRunEvent[] = [];
  const publishedTooEarly: StoredRunEvent[] = [];
  const listeners = new Set<() => void>();
  const limits = { keepEventsHours: 24, maxEventsMb: 1024 };
  const counts = { turnsChanged: 0, permissionsChanged: 0 };
  const launches: LaunchRequest[] = [];
  const uses: ({ readonly kind: 'used' | 'rejected' } & CredentialUse)[] = [];
  let notesRefused = false;
  let prepare: (request: LaunchRequest) => Promise<Launch> = async () => fakeLaunch();

  const isSaved = ({ turnId, seq }: StoredRunEvent) =>
    secondReader.prepare('SELECT 1 FROM run_event WHERE turn_id = ? AND seq = ?').get(turnId, seq) !== undefined;
  const noteUse = (use: (typeof uses)[number]) => {
    if (notesRefused) throw new PerchError('DISK_FULL', { file });
    uses.push(use);
  };
  const createService = () =>
    createTurnService({
      database,
      runner,
      agents: {
        prepareLaunch: (request) => {
          launches.push(request);
          return prepare(request);
        },
      },
      logs,
      clock,
      random,
      redact: (text) => text,
      credentialUse: {
        used: (use) => noteUse({ kind: 'used', ...use }),
        rejected: (use) => noteUse({ kind: 'rejected', ...use }),
      },
      given: createGivenNames(),
      checkpoints: { before: async () => undefined, after: async () => {} },
      tokenShapes: () => [],
      foresee: () => ({ model: 'model-set', providerId: 'openai', inTerminal: false, isolated: true }),
      billingPageOf: ({ providerId }) => `https://${providerId}.example/billing`,
      nameOf: (agentId) => `${agentId}'s name`,
      ownTrafficOf: () => ['telemetry.example.org'],
      homeDir,
      dataDir,
      scratchDir,
      onRunEvent: (stored) => {
        if (!isSaved(stored)) publishedTooEarly.push(stored);
        published.push(stored);
        for (const listener of [...listeners]) listener();
      },
      onSessionsChanged: () => {},
      onTurnsChanged: () => {
        counts.turnsChanged += 1;
      },
      onBackgroundChanged: () => undefined,
      onPermissionsChanged: () => {
        counts.permissionsChanged += 1;
      },
      limits: () => limits,
    });
  const service = createService();
  const submission = (changes: Partial<Params<'turns.submit'>> = {}): Params<'turns.submit'> => ({
    turnId: randomUUID(),
    agentId: 'codex',
    projectDir,
    prompt: 'do it',
    ...changes,
  });
  const eventsOf = (turnId: string) => published.filter((stored) => stored.turnId === turnId);

  return {
    folder,
    projectDir,
    scratchDir,
    dataDir,
    homeDir,
    clock,
    database,
    logs,
    runner,
    service,
    createService,
    published,
    publishedTooEarly,
    logFailures,
    counts,
    limits,
    launches,
    uses,
    submission,
    eventsOf,
    typesOf: (turnId: string) => eventsOf(turnId).map(({ event }) => event.type),
    /** Whether the trail of credentials can be written to. */
    refuseNotes(refused: boolean) {
      notesRefused = refused;
    },
    prepareWith(next: (request: LaunchRequest) => Promise<Launch>) {
      prepare = next;
    },
    /** Submits, and waits until the agent has the prompt. */
    async prompted(changes: Partial<Params<'turns.submit'>> = {}) {
      const turn = await service.submit(submission(changes));
      await runner.called('session.prompt', ({ turnId }) => turnId === turn.turnId);
      return turn;
    },
    /** Resolves when such an event of the turn was published, now or later. */
    async event(turnId: string, type: RunEvent['type'] = 'turn.ended', nth = 1): Promise<StoredRunEvent> {
      const { promise, resolve } = Promise.withResolvers<StoredRunEvent>();
      const look = () => {
        const found = eventsOf(turnId).filter(({ event }) => event.type === type)[nth - 1];
        if (found !== undefined) resolve(found);
      };
      listeners.add(look);
      look();
      const found = await promise;
      listeners.delete(look);
      return found;
    },
    /** What may never happen, whatever the test did. */
    broken(): string[] {
      const rows = secondReader
        .prepare<[], { turn_id: string; seqs: string; ends: number; last_seq: number; ended_at: number | null }>(
          `SELECT turn.turn_id, last_seq, ended_at, group_concat(seq) AS seqs,
             sum(json_extract(event, '$.type') = 'turn.ended') AS ends
           FROM turn JOIN run_event USING (turn_id) GROUP BY turn.turn_id`,
        )
        .all();
      const endLines = (turnId: string, sessionId: string) =>
        logs
          .lastLines(`session:${sessionId}` as LogName, 1000)
          .filter((line) => line.turnId === turnId && line.source === 'turn' && END_LINE.test(line.message)).length;
      return [
        ...service
          .list({ limit: 200 })
          .filter(({ turnId, sessionId }) => endLines(turnId, sessionId) > 1)
          .map(({ turnId }) => `${turnId} has more than one end in its log`),
        ...publishedTooEarly.map(({ turnId, seq }) => `${turnId} ${seq} was published before it was saved`),
        ...rows.filter(({ ends }) => ends > 1).map(({ turn_id }) => `${turn_id} ended more than once`),
        ...rows
          .filter((row) => (row.ended_at !== null) !== (row.ends === 1))
          .map((row) => `${row.turn_id} ended in part`),
        ...rows
          .filter(
            ({ seqs, last_seq, ended_at }) =>
              Math.max(...seqs.split(',').map(Number)) !== seqs.split(',').length ||
              (ended_at !== null && seqs.split(',').length !== last_seq),
          )
          .map(({ turn_id }) => `${turn_id} has a gap`),
      ];
    },
    async end() {
      await service.dispose();
      secondReader.close();
      logs.close();
      database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
