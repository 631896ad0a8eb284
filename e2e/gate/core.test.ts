import { randomUUID } from 'node:crypto';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type App, createApp } from '../../electron/core/app.ts';
import { PROBE_LIMIT_MS } from '../../electron/core/credentials/liveness/probe.ts';
import type { Keychain } from '../../electron/core/ports.ts';
import { callAsWindow, stateWhen } from '../../electron/core/wiring/testing/core-calls.ts';
import { testHostPorts } from '../../electron/core/wiring/testing/host-ports.ts';
import { createTestInstallation, type TestInstallation } from '../../electron/core/wiring/testing/installation.ts';
import type { Clock } from '../../electron/node/clock.ts';
import { systemClock } from '../../electron/node/clock.ts';
import errors from '../../resources/locales/en/errors.json' with { type: 'json' };
import reasons from '../../resources/locales/en/reasons.json' with { type: 'json' };
import type { MethodName, Params, Result } from '../../shared/contract/methods.ts';
import type { AppState } from '../../shared/contract/state.ts';
import { PerchError, toWireError, type WireError } from '../../shared/errors/perch-error.ts';
import { describeError } from '../../shared/i18n/describe-error.ts';
import { createTranslator } from '../../shared/i18n/translate.ts';
import type { Scope } from '../../shared/model/credential.ts';
import type { RunEvent } from '../../shared/model/run-event.ts';
import { filesWith } from '../fixtures/leaks.ts';
import { inVitest, keptOf } from '../fixtures/long.ts';
import { addAgents, agentIdFor, leaveLogin } from './agents.ts';
import { type ScriptedProvider, startProvider } from './provider.ts';
import { ROWS, type Row, type StoredCredential } from './rows.ts';
import { createValues, type Values } from './values.ts';

/** The kept rows: one for each kind of notice and refusal, and each place that a credential comes from. */
const KEPT = keptOf(
  [
    'the key of another provider',
    'both of a set of two',
    'a dead key for the project above a good one for everything',
    'a stored key while the host exports another',
    'the agent’s own login',
    'the agent’s own login, which could not be checked',
    'a value that the keychain does not have',
    'a locked keychain',
    '400 of Google with a dead body',
    '403',
    '429',
    'no answer in time',
    'a value that wrapped',
    'managed, with a good key at hand',
  ],
  ROWS,
);

const t = createTranslator({ ...errors, ...reasons });

let installation: TestInstallation;
let projectDir: string;
let values: Values;
let provider: ScriptedProvider | undefined;
let app: App | undefined;
/** How the keychain answers from now on. */
let keychainState: Row['keychain'];
/** The limit of the question that is open. */
let passLimit: () => void;
let told: unknown[];

beforeEach(() => {
  installation = createTestInstallation();
  projectDir = join(installation.folder, 'project');
  mkdirSync(projectDir);
  values = createValues();
  keychainState = undefined;
  passLimit = () => {};
  told = [];
});
afterEach(async () => {
  await app?.dispose();
  await provider?.close();
  app = undefined;
  provider = undefined;
  installation.remove();
});

const clock: Clock = {
  now: systemClock.now,
  after(delayMs, callback) {
    if (delayMs !== PROBE_LIMIT_MS) return systemClock.after(delayMs, callback);
    passLimit = callback;
    return () => {
      passLimit = () => {};
    };
  },
};

/** Stands for the operating system's store, which is behind a port. */
function keychain(): Keychain {
  const items = new Map<string, string>();
  const open = () => {
    if (keychainState === 'locked') throw new PerchError('KEYCHAIN_LOCKED');
  };
  return {
    store: 'Secret Service',
    async get(account) {
      open();
      return keychainState === 'unreadable' ? null : (items.get(account) ?? null);
    },
    async set(account, value) {
      open();
      items.set(account, value);
    },
    async list() {
      open();
      return [...items.keys()];
    },
    async delete(account) {
      open();
      return items.delete(account);
    },
    check: async () =>
      keychainState === 'locked' ? { state: 'locked' } : { state: 'available', store: 'Secret Service' },
  };
}

async function start(row: Row): Promise<App> {
  const resourcesDir = join(installation.folder, 'own-resources');
  cpSync(installation.resourcesDir, resourcesDir, { recursive: true });
  addAgents(resourcesDir);
  const exported = Object.fromEntries((row.exported ?? []).map((name) => [name, `exported-${values.canary}`]));
  const environment = { PATH: process.env.PATH, HOME: installation.folder, LANG: 'en_US.UTF-8', ...exported };
  const ports = testHostPorts({ ...installation, resourcesDir }, { clock, keychain, environment });
  const started = await createApp(ports);
  started.hub.subscribe({ listener: ({ event }) => void told.push(event) });
  return started;
}

const call = <M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> =>
  callAsWindow(app, method, params);
const until = (holds: (state: AppState) => boolean): Promise<AppState> => stateWhen(app, holds);

function scopeOf({ scope }: StoredCredential, agentId: string): Scope {
  switch (scope) {
    case 'global':
      return { kind: 'global' };
    case 'project':
      return { kind: 'project', projectDir };
    case 'agent':
      return { kind: 'agent', agentId };
  }
}

async function arrange(row: Row): Promise<void> {
  const agentId = agentIdFor(row.providerId);
  provider = await startProvider(row.answer ?? { status: 200 }, () => passLimitOf(row));
  leaveLogin(installation.dataDir, row);
  app = await start(row);
  await until(({ connection, keychain: health }) => connection.kind === 'connected' && health.state !== 'unknown');
  await call('providers.setBaseUrl', { providerId: row.providerId, baseUrl: provider.origin });
  for (const stored of row.stored) {
    const { providerId, variable } = stored;
    await call('credentials.set', {
      providerId,
      variable,
      scope: scopeOf(stored, agentId),
      value: values.of(stored),
      storage: 'keychain',
      ...(stored.expired ? { expiresAt: 1 } : {}),
    });
  }
  await call('settings.update', { patch: { projectDir } });
  keychainState = row.keychain;
  if (row.keychain === 'locked') await call('keychain.check', {});
  await call('agents.configure', { agentId, settings: { sandbox: 'off', ...(row.auth && { auth: row.auth }) } });
  await call('agents.select', { agentId });
}

/** Without an answer only the limit ends the question. */
function passLimitOf({ answer }: Row): void {
  if (answer === 'never') setImmediate(() => passLimit());
}

async function submit(row: Row): Promise<{ refusal: WireError } | { events: RunEvent[] }> {
  const turnId = randomUUID();
  try {
    await call('turns.submit', { turnId, agentId: agentIdFor(row.providerId), projectDir, prompt: '/env' });
  } catch (error) {
    return { refusal: toWireError(error) };
  }
  await until(({ turns }) => turns.some((turn) => turn.turnId === turnId && isOver(turn.status)));
  const { events } = await call('turns.events', { turnId, after: 0, limit: 500 });
  return { events: events.map(({ event }) => event) };
}

const isOver = (status: string) => ['completed', 'failed', 'cancelled', 'lost'].includes(status);

const noticesOf = (events: readonly RunEvent[]): string[] =>
  events.flatMap((event) =>
    event.type === 'notice' && event.key.startsWith('notice.credential-') ? [t(event.key, event.values)] : [],
  );

const textOf = (events: readonly RunEvent[]): string =>
  events.map((event) => (event.type === 'agent.message' ? event.text : '')).join('');

describe('what the window shows, and what a turn that it submits comes to', () => {
  for (const row of ROWS) {
    test(row.name, inVitest(KEPT.has(row.name)), async () => {
      await arrange(row);
      const { expected } = row;
      const outcome = await submit(row);
      const shown = app?.hub.state.agents.find(({ agentId }) => agentId === agentIdFor(row.providerId))?.readiness;
      if (expected.start === 'refused') {
        expect(outcome).toMatchObject({ refusal: { code: expected.code } });
        if ('refusal' in outcome) expect(describeError(outcome.refusal, t)).toBe(expected.sentence);
        expect(shown).toMatchObject({ state: 'not-ready', error: { code: expected.code } });
        if (shown?.state === 'not-ready') expect(describeError(shown.error, t)).toBe(expected.sentence);
      } else {
        expect(outcome).toHaveProperty('events');
        const events = 'events' in outcome ? outcome.events : [];
        expect(events.at(-1)).toMatchObject({ type: 'turn.ended', result: { outcome: 'completed' } });
        expect(noticesOf(events)).toEqual(expected.notices);
        const names = textOf(events).split('\n');
        expect(names).toEqual(expect.arrayContaining([...expected.has]));
        for (const name of expected.hasNot ?? []) expect(names).not.toContain(name);
        expect(shown).toEqual({ state: 'ready' });
      }
      if (row.asked === 'never') expect(provider?.requests).toEqual([]);
      else if (row.asked === undefined) expect(provider?.requests.length).toBeGreaterThan(0);
      if (provider?.elsewhere.length === 0 && row.name === 'a redirect') await provider.follow();
      expect(provider?.elsewhere.length).toBe(row.name === 'a redirect' ? 1 : 0);
      expect(provider?.elsewhere.join()).not.toContain(values.canary);
      expect(JSON.stringify([told, outcome])).not.toContain(values.canary);
      expect(filesWith(installation.dataDir, values.canary)).toEqual([]);
    });
  }
});

test('the scan would find a value that is there', async () => {
  const row = ROWS.find(({ name }) => name === '401');
  if (row === undefined) throw new Error('the row is gone');
  await arrange(row);
  await submit(row);
  expect(provider?.requests.join()).toContain(values.canary);
  // A directory is told and kept by intent.
  await call('settings.update', { patch: { projectDir: `${projectDir}-${values.canary}` } });
  expect(JSON.stringify(told)).toContain(values.canary);
  expect(filesWith(installation.dataDir, values.canary).length).toBeGreaterThan(0);
});
