import { expect, test } from 'vitest';
import type { RunnerResult } from '../../../shared/runner-protocol/protocol.ts';
import { sessionEvents } from './session-notices.ts';

const started = {
  agentName: 'Codex',
  agentVersion: '1.2.3',
  pid: 7,
  sandbox: { kind: 'bubblewrap' },
} as unknown as RunnerResult<'session.start'>;
const LATER = { sessionId: 's', isTerminal: false, hadTurns: true };
const keysOf = (events: ReturnType<typeof sessionEvents>) =>
  events.map((event) => (event.type === 'notice' ? event.key : event.type));

test('the first turn of a conversation, and one with the same agent, tell of the session only', () => {
  expect(sessionEvents({ how: 'new', started }, { ...LATER, hadTurns: false })).toEqual([
    {
      type: 'session.started',
      sessionId: 's',
      agentName: 'Codex',
      agentVersion: '1.2.3',
      pid: 7,
      sandbox: started.sandbox,
    },
  ]);
  expect(keysOf(sessionEvents({ how: 'reused', started }, LATER))).toEqual(['session.started']);
});

test.each([
  { how: 'new', continuation: undefined, key: 'notice.session-restarted' },
  { how: 'replaced', continuation: undefined, key: 'notice.session-replaced' },
  { how: 'replaced', continuation: 'continued', key: 'notice.session-continued' },
  { how: 'new', continuation: 'refused', key: 'notice.session-not-continued' },
] as const)('an agent that is $how in a conversation, which is $continuation: $key', ({ how, continuation, key }) => {
  const events = sessionEvents({ how, started: { ...started, ...(continuation && { continuation }) } }, LATER);
  expect(keysOf(events)).toEqual([key, 'session.started']);
});

test('a program in a terminal continues no conversation', () => {
  const events = sessionEvents({ how: 'new', started }, { ...LATER, isTerminal: true });
  expect(events).toMatchObject([{ type: 'session.started', terminal: true }]);
});

test('MCP servers that a new agent does not take are told once', () => {
  const withServers = { ...started, mcpUnsupported: [{ name: 'files', transport: 'sse' }] } as typeof started;
  const [notice] = sessionEvents({ how: 'new', started: withServers }, { ...LATER, hadTurns: false });
  expect(notice).toEqual({
    ...{ type: 'notice', level: 'warn', key: 'notice.mcp-unsupported' },
    values: { server: 'files', transport: 'sse', agent: 'Codex' },
  });
  expect(keysOf(sessionEvents({ how: 'reused', started: withServers }, LATER))).toEqual(['session.started']);
});
