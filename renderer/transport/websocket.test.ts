import { expect, test } from 'vitest';
import { STATE } from '../dev/fixtures.ts';
import type { TransportMessage } from './transport.ts';
import type { Socket } from './web-carrier.ts';
import { createWebSocketTransport, retryDelay } from './websocket.ts';

/** The other end of a socket, driven by hand. */
class FakeSocket implements Socket {
  onopen: Socket['onopen'] = null;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  readonly sent: { id: number; method: string; params: unknown }[] = [];
  #waiting: (() => void) | undefined;

  send(text: string) {
    this.sent.push(JSON.parse(text));
    this.#waiting?.();
  }
  close() {
    this.die();
  }
  open() {
    this.onopen?.(undefined as never);
  }
  die() {
    this.onclose?.({ code: 1006, reason: '' } as never);
  }
  say(message: object) {
    this.onmessage?.({ data: JSON.stringify({ jsonrpc: '2.0', ...message }) } as never);
  }
  /** The next request that was not taken yet. */
  async request() {
    if (this.sent.length === 0) await new Promise<void>((resolve) => (this.#waiting = resolve));
    const next = this.sent.shift();
    if (next === undefined) throw new Error('nothing was sent');
    return next;
  }
}

function setUp() {
  const sockets: FakeSocket[] = [];
  const timers: { delay: number; callback: () => void }[] = [];
  const seen: TransportMessage[] = [];
  let told = () => {};
  const transport = createWebSocketTransport({
    connect: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    timers: {
      now: () => 1000,
      after(delay, callback) {
        const timer = { delay, callback };
        timers.push(timer);
        return () => void timers.splice(timers.indexOf(timer), timers.includes(timer) ? 1 : 0);
      },
    },
  });
  transport.subscribe((message) => {
    seen.push(message);
    told();
  });
  const until = async (kind: string) => {
    while (!seen.some((message) => message.kind === 'link' && message.link.kind === kind)) {
      await new Promise<void>((resolve) => (told = resolve));
    }
  };
  const socket = (index: number) => {
    const found = sockets[index];
    if (found === undefined) throw new Error(`no socket ${index}`);
    return found;
  };
  return { transport, socket, timers, seen, until };
}

const SNAPSHOT = { position: { epoch: 'one', sequence: 3 }, snapshot: STATE, missed: [] };

test('connects, subscribes, calls', async () => {
  const { transport, socket, seen, until } = setUp();
  socket(0).open();
  const subscribe = await socket(0).request();
  expect(subscribe).toMatchObject({ method: 'events.subscribe', params: {} });
  socket(0).say({ id: subscribe.id, result: SNAPSHOT });
  await until('open');
  expect(seen[0]).toEqual({ kind: 'snapshot', state: STATE });

  const answer = transport.call('agents.select', { agentId: 'demo' });
  const call = await socket(0).request();
  expect(call).toMatchObject({ method: 'agents.select', params: { agentId: 'demo' } });
  socket(0).say({
    id: call.id,
    error: { code: -32000, message: 'NOT_FOUND', data: { code: 'NOT_FOUND', values: {} } },
  });
  await expect(answer).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('a lost connection is told, tried again, and goes on from where it was', async () => {
  const { transport, socket, timers, seen, until } = setUp();
  socket(0).open();
  const first = await socket(0).request();
  socket(0).say({ id: first.id, result: SNAPSHOT });
  await until('open');
  const pending = transport.call('agents.refresh', {});
  socket(0).die();
  await expect(pending).rejects.toMatchObject({ code: 'CORE_UNREACHABLE' });
  await expect(transport.call('agents.refresh', {})).rejects.toMatchObject({ code: 'CORE_UNREACHABLE' });
  expect(seen.at(-1)).toMatchObject({ kind: 'link', link: { kind: 'lost', attempt: 1, nextTryAt: 1300 } });
  timers[0]?.callback();
  socket(1).open();
  expect(await socket(1).request()).toMatchObject({ params: { since: { epoch: 'one', sequence: 3 } } });
});

test('a lost connection says why, and which submissions have no answer', async () => {
  const { transport, socket, seen, until } = setUp();
  socket(0).open();
  const first = await socket(0).request();
  socket(0).say({ id: first.id, result: SNAPSHOT });
  await until('open');
  const submit = (turnId: string) => transport.call('turns.submit', { turnId, agentId: 'demo', prompt: 'go' });
  const refused = submit('refused');
  const { id } = await socket(0).request();
  socket(0).say({ id, error: { code: -32000, message: 'x', data: { code: 'PROMPT_EMPTY', values: {} } } });
  await expect(refused).rejects.toMatchObject({ code: 'PROMPT_EMPTY' });
  const lost = submit('lost');
  socket(0).die();
  await expect(lost).rejects.toMatchObject({ code: 'CORE_UNREACHABLE' });
  expect(seen.at(-1)).toMatchObject({ link: { kind: 'lost', reason: '1006 ', unansweredTurnIds: ['lost'] } });
});

test('a core that cannot be reached is tried less and less often', () => {
  const { socket, timers } = setUp();
  socket(0).die();
  timers[0]?.callback();
  socket(1).die();
  expect(timers.map(({ delay }) => delay)).toEqual([300, 600]);
  expect(retryDelay(20)).toBe(10_000);
});

test('a host that keeps the socket open and says nothing counts as lost', async () => {
  const { socket, timers, seen, until } = setUp();
  socket(0).open();
  const first = await socket(0).request();
  socket(0).say({ id: first.id, result: SNAPSHOT });
  await until('open');
  timers[0]?.callback();
  expect(await socket(0).request()).toMatchObject({ method: 'host.ping' });
  timers.at(-1)?.callback();
  expect(seen.at(-1)).toMatchObject({ link: { kind: 'lost', reason: 'the host does not answer' } });
  // The next try meets a socket that is accepted and never answers.
  timers.at(-1)?.callback();
  socket(1).open();
  timers.at(-1)?.callback();
  expect(seen.at(-1)).toMatchObject({ link: { kind: 'lost', attempt: 2 } });
});
