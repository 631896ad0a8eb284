import { expect, test } from 'vitest';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { createCarrierPair } from '../../../shared/json-rpc/pair.ts';
import { createPeer } from '../../../shared/json-rpc/peer.ts';
import { createClient } from './client.ts';
import { openDoor } from './door.ts';
import { servedApp } from './testing/served.ts';
import { textEvent } from './testing/state.ts';

function connect(given: Parameters<typeof servedApp>[0] = {}) {
  const [mine, theirs] = createCarrierPair();
  const served = servedApp(given);
  const door = openDoor({ app: served.app, carrier: theirs, caller: { kind: 'command-line' } });
  return { client: createClient(mine), door, ...served };
}

/** A core that answers whatever the test wants, the contract or not. */
function connectTo(answer: (method: string) => Promise<unknown>) {
  const [mine, theirs] = createCarrierPair();
  const peer = createPeer({ carrier: theirs, onRequest: answer, onNotification() {} });
  return { client: createClient(mine), peer };
}

test('a call answers with the result, or raises the refusal with its values', async () => {
  const { client } = connect({
    'logs.file': async () => ({ path: '/x', revealed: false }),
    'agents.select': async ({ agentId }) => {
      throw new PerchError('AGENT_UNKNOWN', { agentId, known: 'demo' });
    },
  });
  expect(await client.call('logs.file', { log: 'core', reveal: false })).toEqual({ path: '/x', revealed: false });
  await expect(client.call('agents.select', { agentId: 'nobody' })).rejects.toMatchObject({
    code: 'AGENT_UNKNOWN',
    values: { agentId: 'nobody', known: 'demo' },
  });
});

test('events arrive in order, until the listener is taken off', async () => {
  const { client, app } = connect();
  const seen: number[] = [];
  const arrival = (seq: number) =>
    new Promise<void>((resolve) => {
      client.onEvent((event) => {
        if (event.type === 'run' && event.stored.seq === seq) resolve();
      });
    });
  const off = client.onEvent((event) => {
    if (event.type === 'run') seen.push(event.stored.seq);
  });
  await client.call('events.subscribe', {});
  const [second, third] = [arrival(2), arrival(3)];
  app.hub.publishRun(textEvent(1));
  app.hub.publishRun(textEvent(2));
  await second;
  off();
  app.hub.publishRun(textEvent(3));
  await third;
  expect(seen).toEqual([1, 2]);
});

test('a connection that ends settles what is under way, and what is asked later', async () => {
  const { client, peer } = connectTo(() => new Promise(() => {}));
  const pending = client.call('keychain.check', {});
  peer.close();
  await expect(pending).rejects.toMatchObject({ code: 'CORE_UNREACHABLE' });
  await expect(client.call('keychain.check', {})).rejects.toMatchObject({ code: 'CORE_UNREACHABLE' });
});

test('an answer that breaks the contract is an error', async () => {
  const { client } = connectTo(async () => ({ health: { state: 'splendid' } }));
  await expect(client.call('keychain.check', {})).rejects.toMatchObject({ code: 'INTERNAL' });
});

test('a notification that breaks the contract ends the connection', async () => {
  const { client, peer } = connectTo(async () => ({}));
  peer.notify('event', { position: 7 });
  expect(await client.closed).toMatchObject({ kind: 'protocol-violation' });
});
