import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAgents } from '../../electron/core/agents/load.ts';
import { inMode } from '../../electron/core/agents/modes.ts';
import { type FakeProvider, startFakeProvider } from '../fake-providers/server.ts';
import { agentsOnPath, createInstallation, type Installation, root } from '../fixtures/installation.ts';
import { hasKeyring, keyringPrograms } from '../fixtures/keyring.ts';
import { isLong, LONG_ONLY } from '../fixtures/long.ts';
import { expect, test } from '../fixtures/test.ts';

/**
 * Whether what `managed` changes in an agent's description takes its web tools from the real program. There is no
 * gateway yet through which such a session could run: here it runs with a key of the fake provider.
 */
const KEY = `sk-proj-${randomUUID()}-good`;

interface Agent {
  readonly agentId: string;
  readonly command: string;
  readonly providerId: string;
  readonly base: string;
  readonly model?: string;
  /** By which its web tools are recognised in what it tells the provider, when nothing is taken away. */
  readonly offered: readonly string[];
}

const AGENTS: readonly Agent[] = [
  { agentId: 'opencode', command: 'opencode', providerId: 'openai', base: '/v1', offered: ['webfetch'] },
  {
    agentId: 'codex',
    command: 'codex',
    providerId: 'openai',
    base: '/v1',
    // With its default model it has none of its own.
    model: 'gpt-5.4',
    offered: ['"web_search"'],
  },
  {
    agentId: 'claude-code',
    command: 'claude-agent-acp',
    providerId: 'anthropic',
    base: '',
    offered: ['WebSearch', 'WebFetch'],
  },
  {
    agentId: 'gemini',
    command: 'gemini',
    providerId: 'google',
    base: '',
    offered: ['google_web_search', 'web_fetch'],
  },
];

let folder: string;
let provider: FakeProvider;
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-web-tools-'));
  for (const mode of ['byo', 'managed'] as const) {
    const own = join(folder, mode);
    cpSync(join(root, 'dist'), join(own, 'dist'), { recursive: true });
    cpSync(join(root, 'resources'), join(own, 'resources'), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(own, 'node_modules'));
    for (const agent of loadAgents(join(root, 'resources'))) {
      const file = join(own, 'resources', 'agents', `${agent.agentId}.json`);
      if (agent.modes.managed !== undefined) writeFileSync(file, JSON.stringify(inMode(agent, mode)));
    }
  }
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));
test.beforeEach(async () => {
  test.skip(!hasKeyring, `needs ${keyringPrograms.join(' and ')}`);
  provider = await startFakeProvider({ goodKeys: [KEY], knownWord: 'plover' });
});
test.afterEach(() => provider.close());

interface Recorder {
  readonly url: string;
  /** Bodies of what was sent. Some agents name tools in them that they send only when one is looked for. */
  readonly bodies: readonly string[];
  close(): Promise<void>;
}

/** Stands before the fake provider and keeps what is sent to it. */
async function startRecorder(target: string): Promise<Recorder> {
  const bodies: string[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    bodies.push(body.toString('utf8'));
    const { method = 'GET', headers, url = '/' } = incoming;
    const passed = request(`${target}${url}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    passed.end(body);
  });
  server.on('upgrade', (_, socket) => {
    socket.end('HTTP/1.1 426 Upgrade Required\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** All that an agent tells the provider in one turn. */
async function saidBy({ agentId, providerId, base, model }: Agent, mode: 'byo' | 'managed') {
  const programsDir = join(folder, mode, 'dist');
  const own: Installation = await createInstallation({ keyring: 'unlocked', withAgents: true, programsDir });
  const recorder = await startRecorder(provider.url);
  try {
    for (const [args, input] of [
      [['providers', 'set', providerId, '--base-url', `${recorder.url}${base}`], ''],
      [['credentials', 'set', providerId], KEY],
      [
        [
          ...['run', '--agent', agentId, '--permissions', 'deny', '--json'],
          ...(model === undefined ? [] : ['--model', model]),
          'What is the word?',
        ],
        '',
      ],
    ] as const) {
      const done = await own.perch(args, { input });
      expect(done.status, done.stdout + done.stderr).toBe(0);
    }
    return recorder.bodies.join('\n');
  } finally {
    await recorder.close();
    await own.dispose();
  }
}

for (const agent of AGENTS) {
  test.describe(() => {
    test.skip(!existsSync(join(agentsOnPath, agent.command)), `${agent.command} is not installed below e2e/agents`);
    test.skip(!isLong, LONG_ONLY);
    test(`${agent.agentId} keeps its web tools with the own credential, and has none in managed`, async () => {
      test.setTimeout(240_000);
      const before = await saidBy(agent, 'byo');
      for (const tool of agent.offered) expect(before).toContain(tool);
      const after = await saidBy(agent, 'managed');
      expect(after).toContain('What is the word?');
      for (const tool of agent.offered) expect(after).not.toContain(tool);
    });
  });
}
