import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { answer, type Message, say, serve } from './acp.ts';

/**
 * Says which MCP servers it was told of, and what the tool `fingerprint` of each one on stdio answers. Its arguments
 * are the other transports that it supports.
 */
type Server = { name: string; command?: string; args?: string[]; type?: string } & Record<'env' | 'headers', Pair[]>;
type Pair = { name: string; value: string };
interface Answer {
  readonly id?: number;
  readonly result?: { readonly content?: readonly { readonly text: string }[] };
}

let servers: Server[] = [];

function remember(message: Message): void {
  servers = (message.params as { mcpServers: Server[] }).mcpServers;
}

async function callTool({ command = '', args = [], env }: Server): Promise<string> {
  // As a client that hands nothing of its own environment on.
  const child = spawn(command, args, {
    env: Object.fromEntries(env.map(({ name, value }) => [name, value])),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const ask = (id: number, method: string, params: object): void => {
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
  };
  ask(1, 'initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'fake', version: '1' } });
  for await (const line of lines) {
    const { id, result } = JSON.parse(line) as Answer;
    if (id === 1) ask(2, 'tools/call', { name: 'fingerprint', arguments: {} });
    if (id !== 2) continue;
    child.kill();
    return result?.content?.[0]?.text ?? '';
  }
  return 'the server ended';
}

async function play(message: Message): Promise<void> {
  for (const server of servers) {
    const found = server.command === undefined ? JSON.stringify(server.headers) : await callTool(server);
    say(`${server.name}: ${found}\n`);
  }
  say('that is all');
  answer(message, { stopReason: 'end_turn' });
}

serve({
  initialize: (message) => {
    const [, , ...transports] = process.argv;
    const mcpCapabilities = Object.fromEntries(transports.map((transport) => [transport, true]));
    answer(message, {
      protocolVersion: 1,
      agentCapabilities: { mcpCapabilities },
      agentInfo: { name: 'fake', version: '1' },
    });
  },
  'session/new': (message) => {
    remember(message);
    answer(message, { sessionId: 'fake-session' });
  },
  'session/prompt': (message) => void play(message),
});
