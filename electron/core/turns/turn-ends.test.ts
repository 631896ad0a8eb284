import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { CANCEL_LIMIT_MS } from './cancelling.ts';
import { EXIT_LIMIT_MS } from './runner-events.ts';
import { createHarness, fakeLaunch, type Harness } from './testing/harness.ts';

let harness: Harness;
beforeEach(() => {
  harness = createHarness();
});
afterEach(async () => {
  expect(harness.broken()).toEqual([]);
  await harness.end();
});
const statusOf = (turnId: string) => harness.service.get(turnId).status;
const failureOf = (turnId: string) => harness.service.get(turnId).failure;
const never = () => new Promise<never>(() => {});

describe('cancelling', () => {
  test('a turn that waits behind another', async () => {
    const first = await harness.prompted();
    const second = await harness.service.submit(harness.submission({ sessionId: first.sessionId }));
    expect((await harness.service.cancel(second.turnId)).status).toBe('cancelled');
    expect(statusOf(first.turnId)).toBe('running');
    harness.runner.finish(first.turnId);
    await harness.event(first.turnId);
    expect(harness.runner.calls('session.prompt')).toHaveLength(1);
  });

  test('a turn that waits for the runner', async () => {
    harness.runner.setStatus('reconnecting');
    const { turnId } = await harness.service.submit(harness.submission());
    expect((await harness.service.cancel(turnId)).status).toBe('cancelled');
    harness.runner.setStatus('connected');
    expect(harness.runner.calls('session.start')).toEqual([]);
  });

  test('a turn whose agent starts: the agent is stopped, also one that came up meanwhile', async () => {
    const { runner, service } = harness;
    const started = Promise.withResolvers<void>();
    runner.answer('session.start', async () => {
      await started.promise;
      return { agentName: 'Slow', pid: 1, sandbox: { state: 'off' } };
    });
    const { turnId, sessionId } = await service.submit(harness.submission());
    await runner.called('session.start');
    expect((await service.cancel(turnId)).status).toBe('cancelled');
    expect(runner.calls('session.close')).toEqual([{ sessionId }]);
    started.resolve();
    await runner.called('session.close', () => runner.calls('session.close').length === 2);
    expect(runner.calls('session.prompt')).toEqual([]);
  });

  test('a turn that runs, and the next one goes on in the same session', async () => {
    const { runner, service } = harness;
    const { turnId, sessionId } = await harness.prompted();
    const [one, two] = await Promise.all([service.cancel(turnId), service.cancel(turnId)]);
    expect([one.status, two.status]).toEqual(['cancelled', 'cancelled']);
    expect(runner.calls('session.cancel')).toEqual([{ sessionId, turnId }]);
    await harness.prompted({ sessionId });
    expect(runner.calls('session.start')).toHaveLength(1);
  });

  test('a turn that waits for a permission', async () => {
    const { turnId } = await harness.prompted();
    harness.runner.say(turnId, {
      type: 'permission.requested',
      requestId: 'r',
      toolCallId: 't',
      title: 'x',
      options: [{ optionId: 'y', name: 'Yes', kind: 'allow_once' }],
    });
    expect((await harness.service.cancel(turnId)).status).toBe('cancelled');
  });

  test.each([
    [{}, 'The turn was cancelled'],
    [{ by: 'agent' }, 'The agent ended the turn before it was done'],
    [{ by: 'agent', declined: 'rm -rf x' }, 'The user declined "rm -rf x", and the agent ended the turn'],
  ] as const)('is told in the log by whom: %j', async (how, message) => {
    const { turnId, sessionId } = await harness.prompted();
    harness.runner.finish(turnId, { outcome: 'cancelled', ...how });
    await harness.event(turnId);
    expect(harness.logs.lastLines(`session:${sessionId}`, 1)).toMatchObject([{ level: 'info', message }]);
  });

  test('a turn whose runner does not answer ends at the limit, and its agent is stopped', async () => {
    const { runner, service, clock } = harness;
    const { turnId, sessionId } = await harness.prompted();
    runner.answer('session.cancel', never);
    const cancelled = service.cancel(turnId);
    clock.advance(CANCEL_LIMIT_MS - 1);
    expect(statusOf(turnId)).toBe('running');
    clock.advance(1);
    expect((await cancelled).status).toBe('cancelled');
    expect(runner.calls('session.close')).toEqual([{ sessionId }]);
  });

  test('a turn that completes first is completed, and one that ended before cannot be cancelled', async () => {
    const { runner, service } = harness;
    const { turnId } = await harness.prompted();
    runner.answer('session.cancel', async () => {
      runner.finish(turnId);
      return {};
    });
    expect((await service.cancel(turnId)).status).toBe('completed');
    await expect(service.cancel(turnId)).rejects.toMatchObject({ code: 'TURN_ALREADY_ENDED' });
    const other = await harness.prompted();
    runner.answer('session.cancel');
    await service.cancel(other.turnId);
    expect((await service.cancel(other.turnId)).status).toBe('cancelled');
  });
});

describe('a runner that dies', () => {
  test('under a prompt: the turn is lost, and what it said is kept', async () => {
    const { turnId } = await harness.prompted();
    harness.runner.say(turnId, { type: 'agent.message', text: 'half' });
    harness.runner.crash();
    await harness.event(turnId);
    expect(statusOf(turnId)).toBe('lost');
    expect(failureOf(turnId)?.error).toEqual({ code: 'TURN_LOST', values: {}, details: { because: 'RUNNER_CRASHED' } });
    expect(harness.typesOf(turnId)).toContain('agent.message');
  });
  test('while an agent starts: the turn failed, for the agent never had it', async () => {
    harness.runner.answer('session.start', never);
    const { turnId } = await harness.service.submit(harness.submission());
    await harness.runner.called('session.start');
    harness.runner.crash();
    await harness.event(turnId);
    expect(statusOf(turnId)).toBe('failed');
    expect(failureOf(turnId)?.error.code).toBe('RUNNER_CRASHED');
  });
  test('under a turn that was being cancelled: cancelled', async () => {
    const { turnId } = await harness.prompted();
    harness.runner.answer('session.cancel', never);
    const cancelled = harness.service.cancel(turnId);
    harness.runner.crash();
    expect((await cancelled).status).toBe('cancelled');
  });
  test('the next turn of the session waits for the runner and starts a new agent', async () => {
    const { runner, service } = harness;
    const first = await harness.prompted();
    const second = await service.submit(harness.submission({ sessionId: first.sessionId }));
    runner.crash();
    await harness.event(first.turnId);
    expect(statusOf(second.turnId)).toBe('accepted');
    runner.setStatus('connected');
    await runner.called('session.prompt', ({ turnId }) => turnId === second.turnId);
    expect(runner.calls('session.start')).toHaveLength(2);
    expect(harness.launches).toHaveLength(3);
    expect(harness.typesOf(second.turnId)).toEqual(['turn.accepted', 'notice', 'session.started']);
  });
  test('for good: turns that wait for it fail', async () => {
    harness.runner.setStatus('starting');
    const { turnId } = await harness.service.submit(harness.submission());
    harness.runner.setStatus('failed');
    await harness.event(turnId);
    expect(failureOf(turnId)?.error.code).toBe('RUNNER_NOT_CONNECTED');
  });
});

describe('failures', () => {
  const read = (failure: ReturnType<typeof failureOf>) => {
    if (failure?.log === undefined) throw new Error('no position');
    return harness.logs.read({ log: failure.log.log, from: failure.log, before: 0, after: 1 }).lines[0];
  };

  test('lead to the line that has the reported words, with the last lines beside', async () => {
    const { runner } = harness;
    const { turnId, sessionId } = await harness.prompted();
    const line = (level: 'info' | 'warn' | 'error', message: string) =>
      runner.emit('log.line', { sessionId, level, source: 'agent.stderr', message });
    for (let index = 0; index < 30; index++) line('info', `line ${index}`);
    line('warn', 'deprecated');
    line('error', 'no route to host');
    line('error', 'giving up');
    runner.finish(turnId, {
      outcome: 'failed',
      error: { code: 'AGENT_REPORTED_ERROR', values: { agent: 'Fake' } },
      reported: 'the provider said no',
      exitCode: 3,
    });
    await harness.event(turnId);
    const failure = failureOf(turnId);
    expect(failure).toMatchObject({
      error: { code: 'AGENT_REPORTED_ERROR' },
      reported: 'the provider said no',
      exitCode: 3,
    });
    expect(read(failure)).toMatchObject({ source: 'turn', turnId });
    expect(read(failure)?.message).toContain('the provider said no');
    expect(failure?.lastLines).toHaveLength(20);
    expect(failure?.lastLines.filter(({ cause }) => cause)).toEqual([failure?.lastLines.at(-1)]);
    expect(failure?.lastLines.at(-1)).toMatchObject({ source: 'turn', level: 'error' });
    expect(failure?.lastLines.at(-1)?.message).toContain('the provider said no');
  });

  test('without words lead to the last error of the agent, however long ago it was', async () => {
    const { runner } = harness;
    const { turnId, sessionId } = await harness.prompted();
    const line = (level: 'info' | 'warn' | 'error', message: string) =>
      runner.emit('log.line', { sessionId, level, source: 'agent.stderr', message });
    line('warn', 'deprecated');
    line('error', 'no route to host');
    line('error', 'giving up');
    line('error', '    at the end');
    for (let index = 0; index < 30; index++) line('info', `line ${index}`);
    runner.finish(turnId, { outcome: 'failed', error: { code: 'AGENT_EXITED', values: { agent: 'Fake' } } });
    await harness.event(turnId);
    const failure = failureOf(turnId);
    expect(read(failure)).toMatchObject({ message: 'giving up', turnId });
    expect(failure?.lastLines).toHaveLength(20);
    expect(failure?.lastLines[0]).toMatchObject({ message: 'giving up', cause: true });
    expect(failure?.lastLines.at(-1)?.message).toContain('AGENT_EXITED');
  });

  test('without any line lead to the line that the failure itself wrote', async () => {
    const { runner, service, logs } = harness;
    runner.answer('session.start', () =>
      Promise.reject(
        new PerchError('SESSION_START_FAILED', { agent: 'x' }, { details: { exitCode: 127, reported: 'gone' } }),
      ),
    );
    const { turnId, sessionId } = await service.submit(harness.submission());
    await harness.event(turnId);
    const failure = failureOf(turnId);
    expect(failure).toMatchObject({ exitCode: 127, reported: 'gone' });
    if (failure?.log === undefined) throw new Error('no position');
    const { lines } = logs.read({ log: `session:${sessionId}`, from: failure.log, before: 0, after: 1 });
    expect(lines[0]?.message).toContain('The turn failed: SESSION_START_FAILED');
  });

  test('an unexpected error is told as such to the person, and whole to the log of the core', async () => {
    harness.runner.answer('session.start', () => Promise.reject(new TypeError('the inside')));
    const { turnId } = await harness.service.submit(harness.submission());
    await harness.event(turnId);
    expect(failureOf(turnId)?.error).toEqual({ code: 'INTERNAL', values: {} });
    expect(JSON.stringify(failureOf(turnId))).not.toContain('the inside');
    expect(harness.logs.lastLines('core', 1)[0]?.message).toContain('the inside');
  });

  test('after one that the agent survives the conversation goes on; after another the agent is stopped', async () => {
    const { runner } = harness;
    const first = await harness.prompted();
    const { sessionId } = first;
    runner.finish(first.turnId, { outcome: 'failed', error: { code: 'AGENT_REPORTED_ERROR', values: {} } });
    const second = await harness.prompted({ sessionId });
    expect(runner.calls('session.start')).toHaveLength(1);
    runner.finish(second.turnId, { outcome: 'failed', error: { code: 'TURN_TIMEOUT', values: {} } });
    await harness.prompted({ sessionId });
    expect(runner.calls('session.close')).toHaveLength(1);
    expect(runner.calls('session.start')).toHaveLength(2);
  });
});

describe('an agent that exits', () => {
  test('with an answer of the runner: the answer counts', async () => {
    const { runner, clock } = harness;
    const { turnId, sessionId } = await harness.prompted();
    runner.emit('session.exited', { sessionId, exitCode: 1, signal: null });
    runner.finish(turnId, { outcome: 'failed', error: { code: 'AGENT_PROTOCOL_ERROR', values: {} } });
    await harness.event(turnId);
    clock.advance(EXIT_LIMIT_MS);
    expect(failureOf(turnId)?.error.code).toBe('AGENT_PROTOCOL_ERROR');
  });
  test('without one: the turn ends at the limit', async () => {
    const { runner, clock } = harness;
    const { turnId, sessionId } = await harness.prompted();
    runner.answer('session.close', never);
    runner.emit('session.exited', { sessionId, exitCode: 139, signal: null });
    clock.advance(EXIT_LIMIT_MS);
    await harness.event(turnId);
    expect(failureOf(turnId)).toMatchObject({ error: { code: 'AGENT_EXITED' }, exitCode: 139 });
  });
});

test('what comes after the end is dropped, and the log says so', async () => {
  const { runner, logs } = harness;
  const { turnId, sessionId } = await harness.prompted();
  runner.finish(turnId);
  await harness.event(turnId);
  const before = harness.published.length;
  runner.say(turnId, { type: 'agent.message', text: 'late' });
  expect(harness.published).toHaveLength(before);
  expect(logs.lastLines(`session:${sessionId}`, 1)[0]?.message).toMatch(/agent\.message.*dropped/);
});

test('a turn whose events cannot be saved is stopped, and the others go on', async () => {
  const { runner, database } = harness;
  const { turnId, sessionId } = await harness.prompted();
  database.sql.exec(
    `CREATE TRIGGER refuse BEFORE INSERT ON run_event WHEN NEW.event LIKE '%boom%' BEGIN SELECT RAISE(ABORT, 'no'); END`,
  );
  runner.say(turnId, { type: 'agent.message', text: 'boom' });
  await harness.event(turnId);
  expect(failureOf(turnId)?.error.code).toBe('INTERNAL');
  expect(runner.calls('session.close')).toEqual([{ sessionId }]);
  expect(harness.typesOf(turnId)).not.toContain('agent.message');
});

describe('after a crash of the application', () => {
  test('open turns are ended as lost, once, and ended ones stay as they are', async () => {
    const open = await harness.prompted();
    const done = await harness.prompted();
    harness.runner.finish(done.turnId);
    await harness.event(done.turnId);
    const later = harness.createService();
    later.recover();
    later.recover();
    expect(later.get(open.turnId)).toMatchObject({ status: 'lost', failure: { error: { code: 'TURN_LOST' } } });
    expect(later.get(done.turnId).status).toBe('completed');
    expect(harness.typesOf(open.turnId).filter((type) => type === 'turn.ended')).toHaveLength(1);
    const position = failureLog(later.get(open.turnId).failure?.log);
    expect(harness.logs.read({ ...position, before: 0, after: 1 }).lines[0]?.message).toContain('TURN_LOST');
    // The first process, if it lived after all, cannot end it again.
    harness.runner.finish(open.turnId);
    await Promise.resolve();
    expect(later.get(open.turnId).status).toBe('lost');
  });
  test('the turns of this process are none of the lost', async () => {
    const { turnId } = await harness.prompted();
    harness.service.recover();
    expect(statusOf(turnId)).toBe('running');
  });
});

test('disposing cancels what runs, stops the agents and takes no more', async () => {
  const { service, runner } = harness;
  const running = await harness.prompted();
  const idle = await harness.prompted();
  runner.finish(idle.turnId);
  await harness.event(idle.turnId);
  await service.dispose();
  expect(statusOf(running.turnId)).toBe('cancelled');
  expect(
    runner
      .calls('session.close')
      .map(({ sessionId }) => sessionId)
      .sort(),
  ).toEqual([running.sessionId, idle.sessionId].sort());
  await expect(service.submit(harness.submission())).rejects.toMatchObject({ code: 'RUNNER_NOT_CONNECTED' });
});

test('whatever races, a turn ends exactly once, and every turn ends', { timeout: 90_000 }, async () => {
  const action = fc.constantFrom(
    'cancel',
    'finish',
    'fail',
    'say',
    'crash',
    'reconnect',
    'exit',
    'time',
    'turn',
    'yield',
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(action, { minLength: 1, maxLength: 25 }),
      fc.integer({ min: 1, max: 4 }),
      async (actions, count) => {
        const own = createHarness();
        const { service, runner, clock } = own;
        own.prepareWith(async () => fakeLaunch());
        const first = await service.submit(own.submission({ turnId: randomUUID() }));
        const turns = [first];
        const add = async () => turns.push(await service.submit(own.submission({ sessionId: first.sessionId })));
        for (let index = 1; index < count; index++) await add();
        const cancels: Promise<unknown>[] = [];
        const open = () => turns.filter(({ turnId }) => service.get(turnId).endedAt === undefined);
        const prompted = () =>
          open().find(({ turnId }) => runner.calls('session.prompt').some((call) => call.turnId === turnId));
        for (const each of actions) {
          const turn = prompted();
          const id = turn?.turnId ?? first.turnId;
          if (each === 'cancel') cancels.push(service.cancel(open().at(-1)?.turnId ?? id).catch((error) => error));
          if (each === 'finish') runner.finish(id);
          if (each === 'fail') runner.finish(id, { outcome: 'failed', error: { code: 'AGENT_EXITED', values: {} } });
          if (each === 'say' && turn) runner.say(id, { type: 'agent.message', text: 'x' });
          if (each === 'crash') runner.crash();
          if (each === 'reconnect') runner.setStatus('connected');
          if (each === 'exit') runner.emit('session.exited', { sessionId: first.sessionId, exitCode: 1, signal: null });
          if (each === 'time') clock.advance(2500);
          if (each === 'turn' && turns.length < 6) await add();
          if (each === 'yield') await new Promise((resolve) => setImmediate(resolve));
        }
        await service.dispose();
        await Promise.all(cancels);
        const left = open().map(({ turnId }) => turnId);
        const broken = own.broken();
        await own.end();
        expect(left).toEqual([]);
        expect(broken).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
});

function failureLog(position: NonNullable<NonNullable<ReturnType<typeof failureOf>>['log']> | undefined) {
  if (position === undefined) throw new Error('no position');
  return { log: position.log, from: position };
}
