import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sequencedEventSchema } from '../../../shared/contract/events.ts';
import { createCarrierPair } from '../../../shared/json-rpc/pair.ts';
import { createPeer } from '../../../shared/json-rpc/peer.ts';
import { openDoor } from './door.ts';
import { servedApp } from './testing/served.ts';
import { textEvent } from './testing/state.ts';

function connect(given: Parameters<typeof servedApp>[0] = {}, kind: 'window' | 'command-line' = 'window') {
  const served = servedApp(given);
  const [ours, theirs] = createCarrierPair();
  const heard: string[] = [];
  const events: unknown[] = [];
  let onEvent = () => {};
  theirs.onMessage((text) => heard.push(text));
  const door = openDoor({ app: served.app, carrier: ours, caller: { kind } });
  const client = createPeer({
    carrier: theirs,
    onRequest: async () => null,
    onNotification(_method, params) {
      events.push(params);
      onEvent();
    },
  });
  const eventCount = (count: number) =>
    new Promise<void>((resolve) => {
      onEvent = () => events.length >= count && resolve();
      onEvent();
    });
  return { ...served, door, client, carrier: theirs, heard, events, eventCount };
}

test('the answer to a subscription comes before the events that follow it', async () => {
  const { client, app, heard, eventCount } = connect();
  const answer = client.request('events.subscribe', {});
  app.hub.publishRun(textEvent(1));
  const result = (await answer) as { position: { sequence: number }; snapshot: object };
  // The event may be before or after the subscription: here it was published before the request arrived.
  expect(result.position.sequence).toBe(1);
  app.hub.publishRun(textEvent(2));
  app.hub.set('recentProjects', ['/a']);
  await eventCount(2);
  expect(heard.map((text) => JSON.parse(text).method ?? 'answer')).toEqual(['answer', 'event', 'event']);
});

test('an event of the very instant of the subscription follows its answer', async () => {
  const { client, app, heard, eventCount } = connect({ 'runner.restart': async () => ({}) });
  const first = client.request('events.subscribe', {});
  // Microtasks: the request is delivered and subscribed, its answer not yet sent.
  for (let turn = 0; turn < 2; turn++) await Promise.resolve();
  app.hub.publishRun(textEvent(1));
  await first;
  await eventCount(heard.length > 1 ? 1 : 0);
  expect(JSON.parse(heard[0] ?? '').result).toBeDefined();
});

test('events are of the contract, and stop when the client is gone', async () => {
  const { client, app, events, eventCount, door } = connect();
  await client.request('events.subscribe', {});
  app.hub.publishRun(textEvent(1));
  await eventCount(1);
  expect(sequencedEventSchema.safeParse(events[0]).success).toBe(true);
  client.close();
  await door.closed;
  app.hub.publishRun(textEvent(2));
  expect(events).toHaveLength(1);
});

test('subscribing again starts the stream anew: no event arrives twice', async () => {
  const { client, app, events, eventCount } = connect();
  await client.request('events.subscribe', {});
  await client.request('events.subscribe', { since: { epoch: 'epoch-1', sequence: 0 } });
  app.hub.publishRun(textEvent(1));
  app.hub.publishRun(textEvent(2));
  await eventCount(2);
  expect(events).toHaveLength(2);
});

test('missing and forbidden are the same bytes on the wire', async () => {
  const { client, heard } = connect({ 'host.windowUrl': async () => ({ url: 'http://127.0.0.1:1/' }) });
  await client.request('host.windowUrl', {}).catch(() => {});
  await client.request('host.windowUri', {}).catch(() => {});
  const [forbidden, missing] = heard.map((text) => text.replace(/"id":\d+/, '"id":0'));
  expect(forbidden).toBe(missing);
});

test('whatever text arrives, no handler is reached with it and the door still answers', async () => {
  const texts = fc.array(fc.oneof(fc.string(), fc.json(), fc.constant('[]'), fc.constant('{"jsonrpc":"2.0"}')));
  await fc.assert(
    fc.asyncProperty(texts, async (messages) => {
      const { client, carrier, calls } = connect();
      for (const text of messages) carrier.send(text);
      await client.request('events.subscribe', {});
      expect(calls).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
