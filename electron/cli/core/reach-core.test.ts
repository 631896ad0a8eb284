import { describe, expect, test } from 'vitest';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { createCarrierPair } from '../../../shared/json-rpc/pair.ts';
import { openDoor } from '../../core/api/door.ts';
import { servedApp } from '../../core/api/testing/served.ts';
import { type HostedCore, type ReachCoreOptions, reachCore } from './reach-core.ts';

const served = () => servedApp({ 'logs.list': async () => ({ logs: [] }) });

/** A carrier to a core that answers. */
function runningCore() {
  const [ours, theirs] = createCarrierPair();
  openDoor({ app: served().app, carrier: theirs, caller: { kind: 'command-line' } });
  return ours;
}

/** A carrier to a core that was just ending when it was reached. */
function endingCore() {
  const [ours, theirs] = createCarrierPair();
  theirs.onMessage(() => theirs.close());
  return ours;
}

function hostedCore() {
  const listeners = new Set<() => void>();
  const state = { guests: 0, disposed: 0 };
  const core: HostedCore = {
    app: served().app,
    guests: () => state.guests,
    onGuestsChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async dispose() {
      state.disposed += 1;
    },
  };
  const guestsAre = (count: number) => {
    state.guests = count;
    for (const listener of [...listeners]) listener();
  };
  return { core, state, guestsAre };
}

const NEVER: ReachCoreOptions = {
  connect: async () => null,
  host: () => Promise.reject(new Error('not to be hosted')),
  whileGuestsStay: (gone) => gone,
};
const taken = () => Promise.reject(new PerchError('ALREADY_RUNNING', { directory: '/d' }));

test('a core that runs is used, and left running', async () => {
  const access = await reachCore({ ...NEVER, connect: async () => runningCore() });
  expect(access.hosted).toBe(false);
  expect(await access.client.call('logs.list', {})).toEqual({ logs: [] });
  await access.leave();
});

test('without one, a core is hosted and disposed of', async () => {
  const { core, state } = hostedCore();
  const access = await reachCore({ ...NEVER, host: async () => core });
  expect(access.hosted).toBe(true);
  expect(await access.client.call('logs.list', {})).toEqual({ logs: [] });
  expect(state.disposed).toBe(0);
  await access.leave();
  expect(state.disposed).toBe(1);
});

describe('between a core that ends and one that starts', () => {
  test('a core that ends before it answers is not the one', async () => {
    const { core } = hostedCore();
    const carriers = [endingCore(), endingCore()];
    const access = await reachCore({ ...NEVER, connect: async () => carriers.shift() ?? null, host: async () => core });
    expect(access.hosted).toBe(true);
  });
  test('a data directory that another just took is asked for its core', async () => {
    const carriers = [null, null, runningCore()];
    const access = await reachCore({ ...NEVER, connect: async () => carriers.shift() ?? null, host: taken });
    expect(access.hosted).toBe(false);
  });
  test('one that holds the directory and never answers is told, in the end', async () => {
    let tries = 0;
    const host = () => {
      tries += 1;
      return taken();
    };
    await expect(reachCore({ ...NEVER, host })).rejects.toMatchObject({ code: 'ALREADY_RUNNING' });
    expect(tries).toBe(30);
  });
  test('any other failure is told at once', async () => {
    const host = () => Promise.reject(new PerchError('DATABASE_CORRUPT', { file: '/f' }));
    await expect(reachCore({ ...NEVER, host })).rejects.toMatchObject({ code: 'DATABASE_CORRUPT' });
  });
});

describe('guests of a hosted core', () => {
  test('are waited for', async () => {
    const { core, state, guestsAre } = hostedCore();
    const access = await reachCore({ ...NEVER, host: async () => core });
    guestsAre(2);
    const left = access.leave();
    guestsAre(1);
    await Promise.resolve();
    expect(state.disposed).toBe(0);
    guestsAre(0);
    await left;
    expect(state.disposed).toBe(1);
  });
  test('are sent away when the wait is given up', async () => {
    const { core, state, guestsAre } = hostedCore();
    const access = await reachCore({ ...NEVER, host: async () => core, whileGuestsStay: async () => {} });
    guestsAre(1);
    await access.leave();
    expect(state.disposed).toBe(1);
  });
});
