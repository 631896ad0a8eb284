import { expect, test } from 'vitest';
import type { BridgeAnswer, WindowBridge } from '../../shared/contract/bridge.ts';
import { STATE } from '../dev/fixtures.ts';
import { createBridgeTransport } from './electron-bridge.ts';
import type { TransportMessage } from './transport.ts';

const timers = { now: () => 0, after: () => () => {} };

function bridgeThat(answer: (method: string) => BridgeAnswer): WindowBridge {
  return { hostKind: 'electron', call: async (method) => answer(method), subscribe: () => () => {} };
}

test('an answer is the result, or the error with its code', async () => {
  const transport = createBridgeTransport({
    timers,
    bridge: bridgeThat((method) =>
      method === 'runner.restart'
        ? { ok: true, result: {} }
        : { ok: false, error: { code: 'LOG_NOT_FOUND', values: { log: 'core' } } },
    ),
  });
  await expect(transport.call('runner.restart', {})).resolves.toEqual({});
  await expect(transport.call('logs.list', {})).rejects.toMatchObject({
    code: 'LOG_NOT_FOUND',
    values: { log: 'core' },
  });
});

test('subscribing starts the stream with a snapshot', async () => {
  const result = { position: { epoch: 'e', sequence: 1 }, snapshot: STATE, missed: [] };
  const transport = createBridgeTransport({ timers, bridge: bridgeThat(() => ({ ok: true, result })) });
  const seen = await new Promise<TransportMessage[]>((resolve) => {
    const messages: TransportMessage[] = [];
    transport.subscribe((message) => {
      messages.push(message);
      if (message.kind === 'link') resolve(messages);
    });
  });
  expect(seen).toEqual([
    { kind: 'snapshot', state: STATE },
    { kind: 'link', link: { kind: 'open' } },
  ]);
});

test('a page that was cut off asks for what it missed', async () => {
  const asked: unknown[] = [];
  let cutOff = () => {};
  const again = Promise.withResolvers<void>();
  const bridge: WindowBridge = {
    hostKind: 'electron',
    async call(_, params) {
      asked.push(params);
      if (asked.length === 2) again.resolve();
      return { ok: true, result: { position: { epoch: 'e', sequence: 7 }, missed: [] } };
    },
    subscribe(_, onBehind) {
      cutOff = onBehind;
      return () => {};
    },
  };
  const transport = createBridgeTransport({ timers, bridge });
  await new Promise<void>((resolve) => void transport.subscribe(() => resolve()));
  cutOff();
  await again.promise;
  expect(asked).toEqual([{}, { since: { epoch: 'e', sequence: 7 } }]);
});

test('a frozen main process is told, and the link comes back with the answers of one that thaws', async () => {
  let due: (() => void)[] = [];
  const manual = {
    now: () => 0,
    after(_: number, callback: () => void) {
      due.push(callback);
      return () => {
        due = due.filter((one) => one !== callback);
      };
    },
  };
  const pass = () => {
    const [next] = due.splice(0, 1);
    next?.();
  };
  let frozen: PromiseWithResolvers<void> | undefined;
  const bridge: WindowBridge = {
    hostKind: 'electron',
    async call() {
      await frozen?.promise;
      return { ok: true, result: { position: { epoch: 'e', sequence: 1 }, missed: [] } };
    },
    subscribe: () => () => {},
  };
  const links: string[] = [];
  let told = () => {};
  const transport = createBridgeTransport({ timers: manual, bridge });
  const next = () =>
    new Promise<void>((resolve) => {
      told = resolve;
    });
  const opened = next();
  transport.subscribe((message) => {
    if (message.kind === 'link') links.push(message.link.kind);
    told();
  });
  await opened;
  frozen = Promise.withResolvers<void>();
  pass(); // asks
  pass(); // misses the answer
  expect(links).toEqual(['open', 'lost']);
  pass(); // tries again
  pass(); // in vain
  expect(links).toEqual(['open', 'lost', 'lost']);
  pass();
  const back = next();
  frozen.resolve();
  await back;
  expect(links).toEqual(['open', 'lost', 'lost', 'open']);
});
