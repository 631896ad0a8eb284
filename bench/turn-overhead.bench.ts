/**
 * What Perch adds to a turn: the demo agent driven directly over ACP, bare, against the same agent through Perch
 * (accepted, gated, sandboxed, persisted, told). Both start a fresh process for every turn; the two take turns.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { client, methods, ndJsonStream, PROTOCOL_VERSION } from '@agentclientprotocol/sdk';
import { type App, createApp } from '../electron/core/app.ts';
import { createNodeHostPorts } from '../electron/core/node-host/host-ports.ts';
import { median, report } from './report.ts';

const ROUNDS = 25;
const WARM_UP = 3;
const PROMPT = 'Tell me about this folder.';
const programsDir = join(import.meta.dirname, '..', 'dist');
/** From design: a turn through Perch against the same agent started bare. */
const LIMITS = { ratio: 1.05, milliseconds: 30 };

async function bareTurn(workingDirectory: string): Promise<number> {
  const started = performance.now();
  const agent = spawn(process.execPath, [join(programsDir, 'demo-agent.mjs')], {
    cwd: workingDirectory,
    env: { HOME: workingDirectory, PATH: '/usr/bin:/bin' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const connection = client({ name: 'bench' })
    .onRequest(methods.client.session.requestPermission, ({ params }) => {
      const refusal = params.options.find(({ kind }) => kind === 'reject_once');
      return { outcome: { outcome: 'selected', optionId: refusal?.optionId ?? '' } };
    })
    .onNotification('*', () => {})
    .connect(streamOf(agent));
  await connection.agent.request(methods.agent.initialize, {
    protocolVersion: PROTOCOL_VERSION,
    clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
  });
  const session = await connection.agent.request(methods.agent.session.new, { cwd: workingDirectory, mcpServers: [] });
  await connection.agent.request(methods.agent.session.prompt, {
    sessionId: session.sessionId,
    prompt: [{ type: 'text', text: PROMPT }],
  });
  const took = performance.now() - started;
  agent.kill('SIGKILL');
  return took;
}

function streamOf(agent: ChildProcess) {
  if (agent.stdin === null || agent.stdout === null) throw new Error('the agent has no pipes');
  return ndJsonStream(
    Writable.toWeb(agent.stdin) as WritableStream<Uint8Array>,
    Readable.toWeb(agent.stdout) as ReadableStream<Uint8Array>,
  );
}

async function perchTurn(
  app: App,
  projectDir: string,
  sessionId?: string,
): Promise<{ took: number; sessionId: string }> {
  const caller = { kind: 'command-line' } as const;
  const turnId = randomUUID();
  const started = performance.now();
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const { unsubscribe } = app.hub.subscribe({
    isWindow: false,
    listener({ event }) {
      if (event.type !== 'run' || event.stored.turnId !== turnId) return;
      const fact = event.stored.event;
      if (fact.type === 'permission.requested') {
        const refusal = fact.options.find(({ kind }) => kind === 'reject_once');
        const outcome = { outcome: 'selected', optionId: refusal?.optionId ?? '' } as const;
        void app.handlers['turns.answerPermission']({ turnId, requestId: fact.requestId, outcome }, caller);
      }
      if (fact.type === 'turn.ended') {
        if (fact.result.outcome !== 'completed') throw new Error(JSON.stringify(fact.result));
        resolve();
      }
    },
  });
  const submission = { turnId, agentId: 'demo', projectDir, prompt: PROMPT };
  const { turn } = await app.handlers['turns.submit'](
    sessionId === undefined ? submission : { ...submission, sessionId },
    caller,
  );
  await ended;
  const took = performance.now() - started;
  unsubscribe();
  return { took, sessionId: turn.sessionId };
}

async function connected(app: App): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { snapshot, unsubscribe } = app.hub.subscribe({
    isWindow: false,
    listener({ event }) {
      if (event.type === 'state' && event.slice === 'connection' && event.value.kind === 'connected') resolve();
    },
  });
  if (snapshot?.connection.kind === 'connected') resolve();
  await promise;
  unsubscribe();
}

const folder = mkdtempSync(join(tmpdir(), 'perch-bench-'));
const projectDir = join(folder, 'project');
mkdirSync(projectDir);
const environment = { PATH: '/usr/bin:/bin', HOME: join(folder, 'home'), PERCH_DATA_DIR: join(folder, 'data') };
const app = await createApp(createNodeHostPorts({ kind: 'cli', version: 'bench', programsDir, environment }));
try {
  await connected(app);
  const bare: number[] = [];
  const through: number[] = [];
  const followUp: number[] = [];
  for (let round = 0; round < ROUNDS + WARM_UP; round++) {
    const direct = await bareTurn(projectDir);
    const first = await perchTurn(app, projectDir);
    const second = await perchTurn(app, projectDir, first.sessionId);
    if (round < WARM_UP) continue;
    bare.push(direct);
    through.push(first.took);
    followUp.push(second.took);
  }
  process.exitCode = report('turn overhead, demo agent', { bare, through, limits: LIMITS });
  process.stdout.write(`  a follow-up turn in an open session: median ${median(followUp).toFixed(1)} ms\n`);
} finally {
  await app.dispose();
  rmSync(folder, { recursive: true, force: true });
}
