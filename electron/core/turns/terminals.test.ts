import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunnerResult } from '../../../shared/runner-protocol/protocol.ts';
import { createHarness, fakeLaunch, type Harness } from './testing/harness.ts';

let harness: Harness;
beforeEach(() => {
  harness = createHarness();
  const { launch, ...rest } = fakeLaunch();
  harness.prepareWith(async () => ({ ...rest, launch: { ...launch, adapter: 'terminal' } }));
});
afterEach(async () => {
  expect(harness.broken()).toEqual([]);
  await harness.end();
});

/** A program that says what it is told to, in the fake runner. */
function program() {
  const { runner } = harness;
  const waiting: PromiseWithResolvers<RunnerResult<'terminal.read'>>[] = [];
  const said: RunnerResult<'terminal.read'>[] = [];
  const serve = () => {
    while (waiting.length > 0 && said.length > 0) waiting.shift()?.resolve(said.shift() ?? { output: '' });
  };
  runner.answer('terminal.read', () => {
    const reading = Promise.withResolvers<RunnerResult<'terminal.read'>>();
    waiting.push(reading);
    serve();
    return reading.promise;
  });
  runner.answer('terminal.write', async () => ({}));
  runner.answer('terminal.resize', async () => ({}));
  const say = (one: RunnerResult<'terminal.read'>) => {
    said.push(one);
    serve();
  };
  return { say, end: () => say({ output: '', exit: { exitCode: 0 } }) };
}

test('a program in a terminal is started without a prompt, and what it wrote is recorded before its end', async () => {
  const { runner, service } = harness;
  const { say, end } = program();
  const turn = await harness.prompted({ prompt: '' });
  expect(turn.promptPreview).toBe('codex');
  say({ output: 'hello\r\n' });
  // Its end is known before its last words were read.
  runner.finish(turn.turnId);
  end();
  await harness.event(turn.turnId);
  expect(harness.eventsOf(turn.turnId).map(({ event }) => event)).toMatchObject([
    { type: 'turn.accepted', prompt: '' },
    { type: 'session.started', terminal: true },
    { type: 'terminal.output', text: 'hello\n' },
    { type: 'turn.ended', result: { outcome: 'completed' } },
  ]);
  await runner.called('session.close', ({ sessionId }) => sessionId === turn.sessionId);
  expect(() => service.terminal(turn.turnId)).toThrow(expect.objectContaining({ code: 'TURN_ALREADY_ENDED' }));
});

test('it is read, typed into and resized while it runs, and withholds what the session holds', async () => {
  const { runner, service } = harness;
  const { say, end } = program();
  harness.prepareWith(async () => {
    const { launch, ...rest } = fakeLaunch({ environment: { OPENAI_API_KEY: 'correct-horse-battery' } });
    return { ...rest, launch: { ...launch, adapter: 'terminal' } };
  });
  const turn = await harness.prompted({ prompt: 'first words' });
  const terminal = service.terminal(turn.turnId);
  say({ output: '$ echo correct-horse-battery\r\n' });
  const { painted } = await terminal.read((await terminal.read(0)).sequence);
  expect(painted).toContain('$ echo •••••••••••••••••••••');
  expect(await runner.called('terminal.write')).toMatchObject({ terminalId: turn.sessionId, data: 'first words\r' });
  await terminal.write('q');
  await terminal.resize({ columns: 50, rows: 10 });
  expect(runner.calls('terminal.write').at(-1)).toMatchObject({ data: 'q' });
  expect(runner.calls('terminal.resize')).toMatchObject([{ size: { columns: 50, rows: 10 } }]);
  runner.finish(turn.turnId);
  end();
  await harness.event(turn.turnId);
  expect(JSON.stringify(harness.eventsOf(turn.turnId))).not.toContain('correct-horse');
});

test('started again in the same conversation it is a new program, about which nothing has to be said', async () => {
  const { runner } = harness;
  const { end } = program();
  const first = await harness.prompted({ prompt: '' });
  runner.finish(first.turnId);
  end();
  await harness.event(first.turnId);
  const second = await harness.prompted({ prompt: '', sessionId: first.sessionId });
  runner.finish(second.turnId);
  end();
  await harness.event(second.turnId);
  expect(runner.calls('session.start')).toHaveLength(2);
  expect(harness.typesOf(second.turnId)).toEqual(['turn.accepted', 'session.started', 'turn.ended']);
});

test('cancelled before it was prompted it has nothing to read, and ends', async () => {
  const { runner, service } = harness;
  const starting = Promise.withResolvers<RunnerResult<'session.start'>>();
  runner.answer('session.start', () => starting.promise);
  const turn = await service.submit(harness.submission({ prompt: '' }));
  await runner.called('session.start');
  expect(() => service.terminal(turn.turnId)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  await expect(service.cancel(turn.turnId)).resolves.toMatchObject({ status: 'cancelled' });
  expect(runner.calls('terminal.read')).toEqual([]);
});

test('every other agent has no terminal, and needs a prompt', async () => {
  const { runner, service } = harness;
  harness.prepareWith(async () => fakeLaunch());
  await expect(service.submit(harness.submission({ prompt: ' \n' }))).rejects.toMatchObject({ code: 'PROMPT_EMPTY' });
  const turn = await harness.prompted();
  expect(() => service.terminal(turn.turnId)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  runner.finish(turn.turnId);
  await harness.event(turn.turnId);
});

test('output that cannot be recorded ends the program', async () => {
  const { runner, database } = harness;
  const { say, end } = program();
  const turn = await harness.prompted({ prompt: '' });
  database.sql.exec(
    `CREATE TRIGGER refuse BEFORE INSERT ON run_event WHEN NEW.event LIKE '%boom%' BEGIN SELECT RAISE(ABORT, 'no'); END`,
  );
  say({ output: 'boom\r\n'.repeat(50) });
  await runner.called('session.close', ({ sessionId }) => sessionId === turn.sessionId);
  end();
  await harness.event(turn.turnId);
  expect(harness.eventsOf(turn.turnId).at(-1)?.event).toMatchObject({ result: { outcome: 'failed' } });
});
