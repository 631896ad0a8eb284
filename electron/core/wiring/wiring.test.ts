import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { Failure } from '../../../shared/model/failure.ts';
import type { RunEvent } from '../../../shared/model/run-event.ts';
import { createRedactor } from '../../../shared/redaction/redactor.ts';
import type { RunnerParams } from '../../../shared/runner-protocol/protocol.ts';
import { createSandboxCheck } from '../runner-host/sandbox-check.ts';
import type { RunnerStatus } from '../runner-host/status.ts';
import type { RunnerSupervisor } from '../runner-host/supervisor.ts';
import { maskSessionSecrets } from '../turns/session-secrets.ts';
import { createClosers } from './closers.ts';
import { createNotifier } from './notifier.ts';

const SECRET = 'a-secret-value-of-a-session';

/** A supervisor whose runner says what the test wants. */
function fakeSupervisor(answer: (method: string) => Promise<unknown> = async () => ({})) {
  const exits = new Set<(params: never) => void>();
  const statuses = new Set<(status: RunnerStatus) => void>();
  const supervisor = {
    status: { kind: 'starting' },
    request: (method: string) => answer(method),
    onNotification(_name: string, listener: (params: never) => void) {
      exits.add(listener);
      return () => {};
    },
    onStatus(listener: (status: RunnerStatus) => void) {
      statuses.add(listener);
      return () => {};
    },
  } as unknown as RunnerSupervisor;
  return {
    supervisor,
    exited: (sessionId: string) => exits.forEach((listener) => void listener({ sessionId } as never)),
    become: (status: object) => statuses.forEach((listener) => void listener(status as RunnerStatus)),
  };
}
function startParams(sessionId: string): RunnerParams<'session.start'> {
  const environment = { KEY: SECRET, PLAIN: 'an-ordinary-value' };
  return { sessionId, environment, secretNames: ['KEY', 'ABSENT'] } as unknown as RunnerParams<'session.start'>;
}

test('the secrets of a session are masked from before it starts until it is closed', async () => {
  const redactor = createRedactor();
  const text = `${SECRET} an-ordinary-value`;
  let duringStart = '';
  const { supervisor } = fakeSupervisor(async (method) => {
    if (method === 'session.start') duringStart = redactor.redact(text);
  });
  const runner = maskSessionSecrets(supervisor, redactor);
  const sessionId = randomUUID();
  await runner.request('session.start', startParams(sessionId));
  expect(duringStart).toBe('[redacted] an-ordinary-value');
  expect(redactor.redact(text)).toBe(duringStart);
  await runner.request('session.close', { sessionId });
  await nextTurn();
  expect(redactor.redact(text)).toBe(text);
});

test('a session that ends by itself, with its runner, or never starts, gives its masks back', async () => {
  const redactor = createRedactor();
  let refuse = false;
  const { supervisor, exited, become } = fakeSupervisor(async () => {
    if (refuse) throw new PerchError('SESSION_START_FAILED');
  });
  const runner = maskSessionSecrets(supervisor, redactor);
  const start = async () => {
    const sessionId = randomUUID();
    await runner.request('session.start', startParams(sessionId));
    expect(redactor.redact(SECRET)).toBe('[redacted]');
    return sessionId;
  };
  const [one, other] = [await start(), await start()];
  exited(one);
  await nextTurn();
  expect(redactor.redact(SECRET)).toBe('[redacted]');
  exited(other);
  await nextTurn();
  expect(redactor.redact(SECRET)).toBe(SECRET);
  await start();
  become({ kind: 'reconnecting' });
  await nextTurn();
  expect(redactor.redact(SECRET)).toBe(SECRET);
  refuse = true;
  await expect(runner.request('session.start', startParams(randomUUID()))).rejects.toMatchObject({
    code: 'SESSION_START_FAILED',
  });
  await nextTurn();
  expect(redactor.redact(SECRET)).toBe(SECRET);
});

test('every runner that connects is asked what can be enforced; one that cannot say makes it unavailable', async () => {
  let answer: () => Promise<unknown> = async () => ({ state: 'available', backend: 'bubblewrap', version: '1' });
  const { supervisor, become } = fakeSupervisor(() => answer());
  let changed = Promise.withResolvers<void>();
  const check = createSandboxCheck({ supervisor, records: '/records', onChange: () => changed.resolve() });
  expect(check.availability()).toEqual({ state: 'checking' });
  become({ kind: 'reconnecting' });
  expect(check.availability()).toEqual({ state: 'checking' });
  become({ kind: 'connected' });
  await changed.promise;
  expect(check.availability()).toEqual({ state: 'available', backend: 'bubblewrap', version: '1' });
  answer = () => Promise.reject(new PerchError('RUNNER_CRASHED'));
  become({ kind: 'connected' });
  await nextTurn();
  expect(check.availability().state).toBe('available');
  answer = () => Promise.reject(new PerchError('SANDBOX_FAILED'));
  changed = Promise.withResolvers();
  become({ kind: 'connected' });
  await changed.promise;
  expect(check.availability()).toEqual({ state: 'unavailable', reason: 'SANDBOX_FAILED' });
});

test('what was opened last is closed first; one that fails or hangs does not keep the others', async () => {
  const closed: string[] = [];
  const failures: string[] = [];
  const timers: (() => void)[] = [];
  const closers = createClosers({
    clock: {
      after(_ms, callback) {
        timers.push(callback);
        return () => {};
      },
    },
    onFailure: (name, error) => failures.push(`${name}: ${error}`),
  });
  closers.add('first', () => closed.push('first'));
  closers.add('failing', () => {
    throw new Error('no');
  });
  closers.add('hanging', () => new Promise(() => {}));
  closers.add('last', async () => closed.push('last'));
  const all = closers.closeAll();
  expect(closers.closeAll()).toBe(all);
  while (timers.length < 2) await nextTurn();
  timers[1]?.();
  await all;
  expect(closed).toEqual(['last', 'first']);
  expect(failures).toEqual(['hanging: Error: it took too long', 'failing: Error: no']);
});

test('what waits for the user, or ended, is told while no window is there, in the user’s language', () => {
  const shown: string[] = [];
  let window = false;
  const notifier = createNotifier({
    notifications: { show: ({ title, body }) => void shown.push(`${title} | ${body}`) },
    hasWindow: () => window,
    locale: () => 'de',
    turn: () => ({ agentId: 'demo', projectDir: '/p', promptPreview: 'Tu es' }),
    agentName: () => 'Demo',
  });
  const tell = (event: RunEvent) => notifier.run({ turnId: randomUUID(), seq: 1, at: 1, event });
  const failure: Failure = { error: { code: 'AGENT_EXITED', values: {} }, lastLines: [] };
  tell({ type: 'agent.message', text: 'x' });
  tell({ type: 'permission.requested', requestId: '1', toolCallId: '1', title: 'Datei schreiben', options: [] });
  const long = { content: [{ kind: 'text' as const, text: `rm -rf ~\n${'x'.repeat(400)}` }], locations: [] };
  const ask = { type: 'permission.requested', requestId: '2', toolCallId: '1', title: 'Liste' } as const;
  tell({ ...ask, options: [], details: { content: [], locations: [], input: { command: 'ls \u202e\nrm -rf ~' } } });
  tell({ ...ask, options: [], details: long });
  tell({ type: 'turn.ended', result: { outcome: 'completed', stopReason: 'end_turn' } });
  tell({ type: 'turn.ended', result: { outcome: 'failed', failure } });
  tell({ type: 'turn.ended', result: { outcome: 'lost', failure } });
  tell({ type: 'turn.ended', result: { outcome: 'cancelled' } });
  window = true;
  tell({ type: 'turn.ended', result: { outcome: 'completed', stopReason: 'end_turn' } });
  expect(shown).toEqual([
    'Demo bittet um eine Erlaubnis | Datei schreiben\nDer Agent nennt keine Einzelheiten.',
    'Demo bittet um eine Erlaubnis | Liste\nls \\u202e\nrm -rf ~',
    `Demo bittet um eine Erlaubnis | Liste\nrm -rf ~\n${'x'.repeat(225)}\nLies den Rest im Fenster.`,
    'Demo ist fertig | Tu es',
    'Demo ist gescheitert | Tu es',
    'Der Ausgang eines Auftrags von Demo ist unbekannt | Tu es',
  ]);
});
