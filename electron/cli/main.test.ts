import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CoreHandlers } from '../../shared/contract/methods.ts';
import type { CredentialView } from '../../shared/model/credential.ts';
import type { ProviderView } from '../../shared/model/provider.ts';
import type { RunEvent, TurnSummary } from '../../shared/model/run-event.ts';
import { type LocalSocket, openLocalSocket } from '../core/api/local-socket.ts';
import { servedApp } from '../core/api/testing/served.ts';

/** The real program, in a process of its own, against a core at the real socket of a data directory. */
const MAIN = join(import.meta.dirname, 'main.ts');
const SECRET = 'sk-very-secret-0123456789';

let dataDir: string;
let socket: LocalSocket | undefined;
let children: ChildProcess[];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'perch-cli-'));
  mkdirSync(join(dataDir, 'run'), { mode: 0o700 });
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await socket?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function core(handlers: Partial<CoreHandlers>) {
  const served = servedApp({ 'logs.list': async () => ({ logs: [] }), ...handlers });
  socket = await openLocalSocket({ app: served.app, dataDir });
  return served;
}

function start(args: readonly string[], options: { through?: readonly string[]; dataDir?: string } = {}) {
  const [command = process.execPath, ...before] = options.through ?? [process.execPath, MAIN];
  const child = spawn(command, [...before, ...args], {
    env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', PERCH_DATA_DIR: options.dataDir ?? dataDir },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  children.push(child);
  child.stdin.on('error', () => {}); // the program may end without reading
  const said = { out: '', err: '' };
  const heard: (() => void)[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
    for (const listener of heard) listener();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
    for (const listener of heard) listener();
  });
  return {
    child,
    said,
    async ended() {
      const [status, signal] = (await once(child, 'close')) as [number | null, string | null];
      return { status, signal, ...said };
    },
    /** Resolves once the program has said this, wherever. */
    until: (text: string) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if ((said.out + said.err).includes(text)) resolve();
        };
        heard.push(look);
        look();
      }),
  };
}

const OPENAI: ProviderView = {
  providerId: 'openai',
  name: 'OpenAI',
  credentialAlternatives: [['OPENAI_API_KEY']],
  credentialRequired: true,
  variables: [],
  keyShapes: [],
  baseUrlSource: 'registry',
  models: [],
};
const KEY: CredentialView = {
  credentialId: '7b0f6f0e-4f0e-4c46-9d6a-0d8a4ff5a002',
  providerId: 'openai',
  variable: 'OPENAI_API_KEY',
  scope: { kind: 'global' },
  storage: 'keychain',
  masked: '••••6789',
  createdAt: 1,
  updatedAt: 1,
  status: 'ok',
};

describe('without a core', () => {
  test.each([
    [['--help'], 0],
    [['run', '--help'], 0],
    [['--version'], 0],
    [[], 0],
    [['frobnicate'], 2],
    [['run', 'hi'], 2],
    [['credentials', 'set', 'openai', SECRET], 2],
  ])('perch %j ends with %i and leaves no file behind', async (args, status) => {
    const ended = await start(args).ended();
    expect(ended).toMatchObject({ status });
    expect(ended.out + ended.err).not.toContain('very-secret');
    expect(existsSync(join(dataDir, 'perch.db'))).toBe(false);
  });

  test('a data directory that cannot be written says so', async () => {
    const ended = await start(['agents'], { dataDir: '/proc/perch' }).ended();
    expect(ended).toMatchObject({ status: 1 });
    expect(ended.err).toMatch(/\(DATA_DIRECTORY_NOT_WRITABLE\)\n$/);
  });
});

describe('credentials', () => {
  const handlers = () => {
    const stored: unknown[] = [];
    return {
      stored,
      given: {
        'providers.list': async () => ({ providers: [OPENAI] }),
        'credentials.set': async (params: unknown) => {
          stored.push(params);
          return { credential: KEY, replaced: false, trimmed: false };
        },
      } satisfies Partial<CoreHandlers>,
    };
  };

  test('a value through a pipe arrives, and is in neither output nor arguments', async () => {
    const { stored, given } = handlers();
    await core(given);
    const cli = start(['credentials', 'set', 'openai', '--json']);
    cli.child.stdin.write(SECRET.slice(0, 5));
    cli.child.stdin.end(`${SECRET.slice(5)}\n`);
    const { status, out, err } = await cli.ended();
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(stored).toMatchObject([{ value: SECRET }]);
    expect(out).not.toContain('very-secret');
    expect(cli.child.spawnargs.join(' ')).not.toContain('very-secret');
  });

  test('on a terminal it is asked for, and what is typed is not echoed', async () => {
    const { stored, given } = handlers();
    await core(given);
    const line = `${process.execPath} ${MAIN} credentials set openai`;
    const cli = start([], { through: ['script', '-qec', line, '/dev/null'] });
    await cli.until('(not shown)');
    // The terminal is raw once bracketed paste is on.
    await cli.until('\u001b[?2004h');
    cli.child.stdin.write(`${SECRET}\r`);
    await cli.until('Stored:');
    cli.child.stdin.end();
    await cli.ended();
    expect(stored).toMatchObject([{ value: SECRET }]);
    expect(cli.said.out).not.toContain('very-secret');
  });
});

describe('run', () => {
  const TURN = { sessionId: '7b0f6f0e-4f0e-4c46-9d6a-0d8a4ff5a009', agentId: 'demo', model: '' };
  const summary = (turnId: string): TurnSummary => ({
    ...TURN,
    turnId,
    projectDir: '/',
    promptPreview: '',
    status: 'running',
    acceptedAt: 1,
    lastSeq: 1,
  });

  /** A core that says something in each turn, and then waits for its cancel when it is told to. */
  async function talking(options: { hang: boolean; obeys?: boolean }) {
    const cancelled: string[] = [];
    const prompts: string[] = [];
    const served = await core({
      'turns.submit': async ({ turnId, prompt }) => {
        prompts.push(prompt);
        publish(turnId, 1, { type: 'agent.message', text: 'a word' });
        if (!options.hang)
          publish(turnId, 2, { type: 'turn.ended', result: { outcome: 'completed', stopReason: 'end_turn' } });
        return { turn: summary(turnId) };
      },
      'turns.cancel': async ({ turnId }) => {
        cancelled.push(turnId);
        if (options.obeys !== false) publish(turnId, 2, { type: 'turn.ended', result: { outcome: 'cancelled' } });
        return { turn: summary(turnId) };
      },
    });
    const publish = (turnId: string, seq: number, event: RunEvent) =>
      served.app.hub.publishRun({ turnId, seq, at: 1, event });
    return { cancelled, prompts };
  }

  test('a prompt through a pipe, the answer on stdout alone', async () => {
    const { prompts } = await talking({ hang: false });
    const cli = start(['run', '--agent', 'demo']);
    cli.child.stdin.end('what?\n');
    expect(await cli.ended()).toEqual({ status: 0, signal: null, out: 'a word\n', err: '' });
    expect(prompts).toEqual(['what?']);
  });

  test('Ctrl+C cancels the turn; the command ends with 1', async () => {
    const { cancelled } = await talking({ hang: true });
    const cli = start(['run', '--agent', 'demo', 'hi']);
    await cli.until('a word');
    cli.child.kill('SIGINT');
    const { status, err } = await cli.ended();
    expect(status).toBe(1);
    expect(cancelled).toHaveLength(1);
    expect(err).toContain('The turn was cancelled.');
  });

  test('the second Ctrl+C leaves at once', async () => {
    await talking({ hang: true, obeys: false });
    const cli = start(['run', '--agent', 'demo', 'hi']);
    await cli.until('a word');
    cli.child.kill('SIGINT');
    await cli.until('Cancelling');
    cli.child.kill('SIGINT');
    expect(await cli.ended()).toMatchObject({ status: 130 });
  });

  test('a reader that has left is no error: the turn is cancelled quietly', async () => {
    const { cancelled } = await talking({ hang: true });
    const cli = start(['run', '--agent', 'demo', '--json', 'hi']);
    await cli.until('a word');
    cli.child.stdout.destroy();
    // The next line finds nobody; it is the end of the turn that Ctrl+C brings about.
    cli.child.kill('SIGINT');
    const { status, err } = await cli.ended();
    expect(status).toBe(1);
    expect(cancelled).toHaveLength(1);
    expect(err).not.toContain('EPIPE');
  });
});
