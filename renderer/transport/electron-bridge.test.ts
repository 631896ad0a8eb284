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
