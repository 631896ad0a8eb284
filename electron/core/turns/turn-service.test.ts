import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MAX_PROMPT_BYTES } from '../../../shared/contract/methods.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { AgentEvent } from '../../../shared/model/run-event.ts';
import { REACHABLE_MS } from './housekeeping.ts';
import { EXIT_LIMIT_MS } from './runner-events.ts';
import { IDLE_LIMIT_MS } from './sessions.ts';
import { createHarness, fakeLaunch, type Harness } from './testing/harness.ts';

let harness: Harness;
beforeEach(() => {
  harness = createHarness();
});
afterEach(async () => {
  expect(harness.broken()).toEqual([]);
  await harness.end();
});
const code = (code: string, values?: object) =>
  expect.objectContaining(values === undefined ? { code } : { code, values: expect.objectContaining(values) });

test('a turn is told of an agent that is at work on the same files in another session', async () => {
  const { runner, projectDir } = harness;
  mkdirSync(join(projectDir, 'web'));
  mkdirSync(`${projectDir}-perch-1`);
  const noticesOf = (turnId: string) =>
    harness.eventsOf(turnId).flatMap(({ event }) => (event.type === 'notice' ? [{ ...event }] : []));
  const first = await harness.prompted();
  const below = await harness.prompted({ projectDir: join(projectDir, 'web') });
  const apart = await harness.prompted({ projectDir: `${projectDir}-perch-1` });
  expect(noticesOf(first.turnId)).toEqual([]);
  expect(noticesOf(below.turnId)).toEqual([
    { type: 'notice', level: 'warn', key: 'notice.shared-folder', values: { agent: "codex's name" } },
  ]);
  expect(noticesOf(apart.turnId)).toEqual([]);
  for (const { turnId } of [first, below, apart]) runner.finish(turnId);
  await Promise.all([first, below, apart].map(({ turnId }) => harness.event(turnId)));
  const later = await harness.prompted();
  expect(noticesOf(later.turnId)).toEqual([]);
});

test('a turn goes from its submission to its end, every fact saved before it is shown', async () => {
  const { service, runner, projectDir } = harness;
  harness.prepareWith(async () =>
    fakeLaunch({ notices: [{ level: 'warn', key: 'notice.network-shared', values: { agent: 'Codex' } }] }),
  );
  const turn = await harness.prompted({ prompt: '  do\nit  ' });
  expect(turn).toMatchObject({
    status: 'accepted',
    agentId: 'codex',
    providerId: 'openai',
    model: 'model-1',
    projectDir,
  });
  expect(turn.promptPreview).toBe('do it');
  runner.say(turn.turnId, { type: 'agent.message', text: 'done' });
  runner.finish(turn.turnId);
  await harness.event(turn.turnId);
  expect(harness.typesOf(turn.turnId)).toEqual([
    'turn.accepted',
    'notice',
    'session.started',
    'agent.message',
    'turn.ended',
  ]);
  expect(service.get(turn.turnId)).toMatchObject({
    status: 'completed',
    lastSeq: 5,
    endedAt: harness.clock.now(),
    sandbox: { state: 'enforced' },
  });
  const { events, turn: same } = service.events({ turnId: turn.turnId, after: 3, limit: 10 });
  expect(events).toEqual(harness.eventsOf(turn.turnId).slice(3));
  expect(same.status).toBe('completed');
  expect(service.events({ turnId: turn.turnId, after: 0, limit: 2 }).events.map(({ seq }) => seq)).toEqual([1, 2]);
});

test('the runner gets exactly what was prepared', async () => {
  const { runner, projectDir } = harness;
  const turn = await harness.prompted({ model: 'mine' });
  const { launch, environment, secretNames, policy, auth } = fakeLaunch();
  const start = { launch, environment, secretNames, variableNames: [], policy, workingDirectory: projectDir, auth };
  expect(runner.calls('session.start')).toEqual([{ sessionId: turn.sessionId, ...start }]);
  expect(harness.launches).toEqual([{ agentId: 'codex', projectDir, model: 'mine' }]);
  expect(runner.calls('session.prompt')).toEqual([
    { sessionId: turn.sessionId, turnId: turn.turnId, prompt: 'do it', rules: { mode: 'ask' } },
  ]);
});

test('the mode that a turn asks for is part of it, and of what is prepared for it', async () => {
  const turn = await harness.prompted({ permissionMode: 'plan' });
  expect(harness.launches).toEqual([expect.objectContaining({ permissionMode: 'plan' })]);
  expect(harness.eventsOf(turn.turnId)[0]?.event).toMatchObject({ permissionMode: 'plan' });
  const again = harness.submission({ turnId: turn.turnId, permissionMode: 'execute' });
  await expect(harness.service.submit(again)).rejects.toThrowError(code('TURN_ID_CONFLICT'));
});

test('instructions that the agent does not take are said before the first prompt of its process, and show', async () => {
  const { runner } = harness;
  harness.prepareWith(async () => fakeLaunch({ instructions: 'Be brief.' }));
  const first = await harness.prompted();
  runner.finish(first.turnId);
  await harness.event(first.turnId);
  const second = await harness.prompted({ sessionId: first.sessionId });
  const prompts = runner.calls('session.prompt').map((call) => (call as { prompt: string }).prompt);
  expect(prompts).toEqual(['Be brief.\n\ndo it', 'do it']);
  const said = (turnId: string) =>
    harness.eventsOf(turnId).flatMap(({ event }) => (event.type === 'notice' ? [event.values] : []));
  expect([said(first.turnId), said(second.turnId)]).toEqual([[{ instructions: 'Be brief.' }], []]);
});

describe('a refused submission is no turn', () => {
  const refused = async (changes: Parameters<Harness['submission']>[0], error: unknown) => {
    await expect(harness.service.submit(harness.submission(changes))).rejects.toThrowError(error as Error);
    expect(harness.service.recent()).toEqual([]);
    expect(harness.published).toEqual([]);
  };
  test('an empty prompt', () => refused({ prompt: ' \n\t' }, code('PROMPT_EMPTY')));
  test('a prompt that is too long in bytes', () =>
    refused(
      { prompt: 'é'.repeat(MAX_PROMPT_BYTES / 2 + 1) },
      code('PROMPT_TOO_LARGE', { bytes: MAX_PROMPT_BYTES + 2, maxBytes: MAX_PROMPT_BYTES }),
    ));
  test('a folder that is not there', () => refused({ projectDir: '/no/such/folder' }, code('PROJECT_NOT_FOUND')));
  test('a folder that is not absolute', () => refused({ projectDir: 'project' }, code('PROJECT_NOT_FOUND')));
  test('a path with a zero byte', () => refused({ projectDir: '/tmp\0/x' }, code('PROJECT_NOT_FOUND')));
  test('a file', () => {
    const file = join(harness.projectDir, 'file');
    writeFileSync(file, '');
    return refused({ projectDir: file }, code('PROJECT_NOT_A_DIRECTORY', { directory: file }));
  });
  test('the home folder, also by another name', () => {
    const link = join(harness.folder, 'link');
    symlinkSync(harness.homeDir, link);
    return refused({ projectDir: link }, code('PROJECT_TOO_WIDE', { directory: harness.homeDir }));
  });
  test("Perch's own data", () => {
    const logs = join(harness.dataDir, 'agents');
    mkdirSync(logs);
    return refused({ projectDir: logs }, code('PROJECT_TOO_WIDE'));
  });
  test('what the gate refuses', () => {
    harness.prepareWith(() => Promise.reject(new PerchError('MISSING_BYOK_CREDENTIAL', { provider: 'OpenAI' })));
    return refused({}, code('MISSING_BYOK_CREDENTIAL', { provider: 'OpenAI' }));
  });
  test('a runner that does not come back', () => {
    harness.runner.setStatus('failed');
    return refused({}, code('RUNNER_NOT_CONNECTED'));
  });
  test('a session that nobody knows', () =>
    refused({ sessionId: '8b7d4c1e-3f60-4a3e-9a55-0d3a3a1c7b10' }, code('NOT_FOUND')));
  test('and it may be submitted again with the same id, then rightly', async () => {
    const params = harness.submission({ prompt: '' });
    await expect(harness.service.submit(params)).rejects.toThrowError();
    await expect(harness.service.submit({ ...params, prompt: 'now' })).resolves.toMatchObject({ promptPreview: 'now' });
  });
});

test('without a sandbox, which is the choice of the user, a wide folder is taken', async () => {
  const off = fakeLaunch();
  harness.prepareWith(async () => ({ ...off, policy: { ...off.policy, enforcement: 'off' } }));
  await expect(harness.prompted({ projectDir: harness.homeDir })).resolves.toMatchObject({
    projectDir: harness.homeDir,
  });
});

test('without a project the scratch folder is made and used', async () => {
  const { projectDir: _, ...params } = harness.submission();
  const turn = await harness.service.submit(params);
  expect(turn.projectDir).toBe(harness.scratchDir);
  expect(harness.service.recentProjects()).toEqual([]);
});

describe('the turn id decides', () => {
  test('submitted again it is the same turn, even when it could not start now', async () => {
    const params = harness.submission();
    const first = await harness.service.submit(params);
    await harness.runner.called('session.prompt');
    harness.runner.finish(first.turnId);
    await harness.event(first.turnId);
    rmSync(harness.projectDir, { recursive: true });
    expect((await harness.service.submit(params)).status).toBe('completed');
    expect(harness.runner.calls('session.prompt')).toHaveLength(1);
  });
  test('submitted at the same time it is one turn', async () => {
    const params = harness.submission();
    const turns = await Promise.all([1, 2, 3].map(() => harness.service.submit(params)));
    expect(new Set(turns.map(({ sessionId }) => sessionId)).size).toBe(1);
    await harness.runner.called('session.prompt');
    expect(harness.launches).toHaveLength(1);
    expect(harness.service.recent()).toHaveLength(1);
  });
  test('another body is a conflict, during and after the first', async () => {
    const params = harness.submission();
    const first = harness.service.submit(params);
    const conflict = code('TURN_ID_CONFLICT');
    for (const change of [{ prompt: 'else' }, { model: 'm' }, { agentId: 'goose' }, { projectDir: '/tmp' }]) {
      await expect(harness.service.submit({ ...params, ...change })).rejects.toThrowError(conflict);
    }
    await first;
    await expect(harness.service.submit({ ...params, prompt: 'else' })).rejects.toThrowError(conflict);
  });
  test('after a restart too', async () => {
    const params = harness.submission();
    await harness.service.submit(params);
    const later = harness.createService();
    expect((await later.submit(params)).turnId).toBe(params.turnId);
    await expect(later.submit({ ...params, prompt: 'else' })).rejects.toThrowError(code('TURN_ID_CONFLICT'));
  });
});

describe('sessions', () => {
  test('prompts of one session queue, several sessions run side by side', async () => {
    const { service, runner } = harness;
    const first = await harness.prompted();
    const second = await service.submit(harness.submission({ sessionId: first.sessionId, prompt: 'second' }));
    const other = await harness.prompted({ prompt: 'other' });
    expect(other.sessionId).not.toBe(first.sessionId);
    expect(runner.calls('session.prompt').map(({ turnId }) => turnId)).toEqual([first.turnId, other.turnId]);
    expect(service.get(second.turnId).status).toBe('accepted');
    runner.finish(first.turnId);
    await runner.called('session.prompt', ({ turnId }) => turnId === second.turnId);
    expect(runner.calls('session.start')).toHaveLength(2);
    expect(harness.typesOf(second.turnId)).toEqual(['turn.accepted', 'notice', 'session.started']);
    runner.finish(second.turnId);
    await harness.event(second.turnId);
    expect(service.list({ limit: 10, sessionId: first.sessionId }).map(({ turnId }) => turnId)).toEqual([
      second.turnId,
      first.turnId,
    ]);
  });

  test('another environment stops the agent and starts it anew, and says so', async () => {
    const { runner } = harness;
    const first = await harness.prompted();
    runner.finish(first.turnId);
    await harness.event(first.turnId);
    harness.prepareWith(async () => fakeLaunch({ fingerprint: 'fingerprint-2' }));
    const second = await harness.prompted({ sessionId: first.sessionId });
    expect(runner.calls('session.close')).toEqual([{ sessionId: first.sessionId }]);
    expect(harness.eventsOf(second.turnId)[1]?.event).toMatchObject({ type: 'notice', key: 'notice.session-replaced' });
  });

  test('restarted on request: the running turn ends with the reason, the agent is gone, the next turn gets a new one', async () => {
    const { service, runner } = harness;
    const first = await harness.prompted();
    const second = await service.submit(harness.submission({ sessionId: first.sessionId }));
    expect(service.openSessions()).toMatchObject([{ sessionId: first.sessionId, turnId: first.turnId }]);
    await service.restartSession(first.sessionId, {
      code: 'SESSION_RESTARTED',
      values: { variable: 'OPENAI_API_KEY' },
    });
    expect(service.get(first.turnId)).toMatchObject({
      status: 'failed',
      failure: { error: { code: 'SESSION_RESTARTED' } },
    });
    expect(runner.calls('session.close')).toEqual([{ sessionId: first.sessionId }]);
    await runner.called('session.prompt', ({ turnId }) => turnId === second.turnId);
    expect(runner.calls('session.start')).toHaveLength(2);
  });

  test('a turn that had to wait is prepared anew: what it may use may be gone by now', async () => {
    const { service, runner } = harness;
    const first = await harness.prompted();
    const second = await service.submit(harness.submission({ sessionId: first.sessionId }));
    const closed = service.closeSessionsOf(({ secretNames }) => secretNames.includes('OPENAI_API_KEY'));
    harness.prepareWith(() => Promise.reject(new PerchError('MISSING_BYOK_CREDENTIAL')));
    await closed;
    expect(runner.calls('session.close')).toEqual([]);
    runner.finish(first.turnId);
    await harness.event(first.turnId);
    await harness.event(second.turnId, 'credential.awaited');
    expect(runner.calls('session.close')).toEqual([{ sessionId: first.sessionId }]);
    expect(service.get(second.turnId).status).toBe('waiting-for-credential');
  });

  test('an idle agent is stopped after five minutes; the next turn says that it starts anew', async () => {
    const { runner, clock } = harness;
    const first = await harness.prompted();
    runner.finish(first.turnId);
    await harness.event(first.turnId);
    await clock.scheduled(IDLE_LIMIT_MS);
    const second = await harness.prompted({ sessionId: first.sessionId });
    clock.advance(6 * 60_000);
    expect(runner.calls('session.close')).toEqual([]);
    runner.finish(second.turnId);
    await harness.event(second.turnId);
    await clock.scheduled(IDLE_LIMIT_MS);
    clock.advance(4 * 60_000);
    expect(runner.calls('session.close')).toEqual([]);
    clock.advance(2 * 60_000);
    expect(runner.calls('session.close')).toHaveLength(1);
    const third = await harness.prompted({ sessionId: first.sessionId });
    expect(harness.eventsOf(third.turnId)[1]?.event).toMatchObject({ type: 'notice', key: 'notice.session-restarted' });
  });

  test.each([
    ['continued', 'notice.session-continued'],
    ['refused', 'notice.session-not-continued'],
    ['unsupported', 'notice.session-restarted'],
  ] as const)('after a crash the agent is asked to go on with its conversation: %s', async (continuation, key) => {
    const { runner } = harness;
    const started = { agentName: 'Fake', pid: 1, sandbox: { state: 'off' } } as const;
    runner.answer('session.start', async ({ agentSessionId }) =>
      agentSessionId === undefined ? { ...started, agentSessionId: 'own-1' } : { ...started, continuation },
    );
    const first = await harness.prompted();
    runner.crash();
    await harness.event(first.turnId);
    runner.setStatus('connected');
    const second = await harness.prompted({ sessionId: first.sessionId });
    expect(runner.calls('session.start').map(({ agentSessionId }) => agentSessionId)).toEqual([undefined, 'own-1']);
    expect(harness.eventsOf(second.turnId)[1]?.event).toMatchObject({ type: 'notice', key });
  });

  test('an agent is started only when the one before it is gone', async () => {
    const { runner, clock } = harness;
    const first = await harness.prompted();
    runner.finish(first.turnId);
    await clock.scheduled(IDLE_LIMIT_MS);
    const gone = Promise.withResolvers<Record<string, never>>();
    runner.answer('session.close', () => gone.promise);
    clock.advance(IDLE_LIMIT_MS);
    const second = await harness.service.submit(harness.submission({ sessionId: first.sessionId }));
    await new Promise((resolve) => setImmediate(resolve));
    expect(runner.calls('session.start')).toHaveLength(1);
    runner.answer('session.close');
    gone.resolve({});
    await runner.called('session.prompt', ({ turnId }) => turnId === second.turnId);
    expect(runner.calls('session.start')).toHaveLength(2);
  });

  test('an agent that holds what it no longer should is stopped after its turn', async () => {
    const { service, runner } = harness;
    const first = await harness.prompted();
    await service.closeSessionsOf(() => true);
    expect(runner.calls('session.close')).toEqual([]);
    runner.finish(first.turnId);
    await runner.called('session.close');
    const second = await harness.prompted({ sessionId: first.sessionId });
    expect(runner.calls('session.start')).toHaveLength(2);
    expect(second.status).toBe('accepted');
  });

  test('an idle agent is gone with the runner', async () => {
    const { runner, clock } = harness;
    const first = await harness.prompted();
    runner.finish(first.turnId);
    await clock.scheduled(IDLE_LIMIT_MS);
    runner.crash();
    runner.setStatus('connected');
    await harness.prompted({ sessionId: first.sessionId });
    expect(runner.calls('session.start')).toHaveLength(2);
    clock.advance(IDLE_LIMIT_MS);
    expect(runner.calls('session.close')).toEqual([]);
  });

  test('closing those that match stops idle agents at once and leaves the others', async () => {
    const { service, runner } = harness;
    const first = await harness.prompted();
    runner.finish(first.turnId);
    await harness.clock.scheduled(IDLE_LIMIT_MS);
    await service.closeSessionsOf(({ providerId }) => providerId === 'anthropic');
    expect(runner.calls('session.close')).toEqual([]);
    await service.closeSessionsOf(({ providerId }) => providerId === 'openai');
    expect(runner.calls('session.close')).toEqual([{ sessionId: first.sessionId }]);
  });

  test('a session stays with its agent and its project', async () => {
    const first = await harness.prompted();
    const { sessionId } = first;
    const submit = (changes: object) => harness.service.submit({ ...harness.submission({ sessionId }), ...changes });
    await expect(submit({ agentId: 'goose' })).rejects.toThrowError(code('INVALID_PARAMS', { where: 'agentId' }));
    const elsewhere = join(harness.homeDir, 'elsewhere');
    mkdirSync(elsewhere);
    await expect(submit({ projectDir: elsewhere })).rejects.toThrowError(
      code('INVALID_PARAMS', { where: 'projectDir' }),
    );
    expect((await submit({ projectDir: undefined })).projectDir).toBe(harness.projectDir);
  });

  test('an agent that died unnoticed is started anew for the prompt', async () => {
    const { runner, clock, service } = harness;
    const first = await harness.prompted();
    runner.finish(first.turnId);
    await clock.scheduled(IDLE_LIMIT_MS);
    runner.answer('session.prompt', async ({ sessionId }) => {
      runner.answer('session.prompt');
      runner.emit('session.exited', { sessionId, exitCode: 1, signal: null });
      throw new PerchError('NOT_FOUND', { what: 'session' });
    });
    const second = await service.submit(harness.submission({ sessionId: first.sessionId }));
    await runner.called('session.prompt', () => runner.calls('session.prompt').length === 3);
    expect(runner.calls('session.start')).toHaveLength(2);
    expect(harness.typesOf(second.turnId)).toContain('notice');
    // The exit of the first agent does not end the turn that the second one has.
    clock.advance(EXIT_LIMIT_MS);
    expect(service.get(second.turnId).status).toBe('running');
    runner.finish(second.turnId);
    await harness.event(second.turnId);
    expect(service.get(second.turnId).status).toBe('completed');
  });
});

describe('permissions', () => {
  const ask: Extract<AgentEvent, { type: 'permission.requested' }> = {
    type: 'permission.requested',
    requestId: 'r1',
    toolCallId: 't1',
    title: 'Write file',
    options: [{ optionId: 'yes', name: 'Allow', kind: 'allow_once' }],
  };
  const yes = { outcome: 'selected', optionId: 'yes' } as const;

  test('an open question is listed, answered once, and the turn goes on', async () => {
    const { service, runner, counts } = harness;
    const { turnId, sessionId } = await harness.prompted();
    runner.say(turnId, ask);
    expect(service.get(turnId).status).toBe('waiting-for-permission');
    expect(service.permissions()).toEqual([
      { turnId, agentId: 'codex', requestId: 'r1', title: 'Write file', options: ask.options },
    ]);
    const wrong = { turnId, requestId: 'r1', outcome: { outcome: 'selected', optionId: 'no' } } as const;
    await expect(service.answerPermission(wrong)).rejects.toThrowError(code('INVALID_PARAMS'));
    const unknown = { turnId, requestId: 'r2', outcome: yes };
    await expect(service.answerPermission(unknown)).rejects.toThrowError(code('NOT_FOUND'));
    await service.answerPermission({ turnId, requestId: 'r1', outcome: yes });
    expect(runner.calls('session.answerPermission')).toEqual([{ sessionId, turnId, requestId: 'r1', outcome: yes }]);
    await expect(service.answerPermission({ turnId, requestId: 'r1', outcome: yes })).rejects.toThrowError(
      code('NOT_FOUND'),
    );
    runner.say(turnId, { type: 'permission.answered', requestId: 'r1', outcome: yes });
    expect(service.get(turnId).status).toBe('running');
    expect(service.permissions()).toEqual([]);
    expect(counts.permissionsChanged).toBe(2);
  });

  test('a request that says nothing but its title is not allowed for good, whatever a client sends', async () => {
    const { service, runner } = harness;
    const { turnId } = await harness.prompted();
    const always = { optionId: 'always', name: 'Always', kind: 'allow_always' } as const;
    runner.say(turnId, { ...ask, options: [...ask.options, always] });
    const outcome = { outcome: 'selected', optionId: 'always' } as const;
    await expect(service.answerPermission({ turnId, requestId: 'r1', outcome })).rejects.toThrowError(
      code('INVALID_PARAMS'),
    );
    expect(service.permissions()).toEqual([expect.objectContaining({ options: ask.options })]);
    // The same answer to a request that tells what it is about.
    const input = { command: 'ls\n-la' };
    runner.say(turnId, { ...ask, requestId: 'r2', options: [always], details: { content: [], locations: [], input } });
    expect(service.permissions()[1]).toMatchObject({ excerpt: { text: 'ls\n-la', moreChars: 0 } });
    await service.answerPermission({ turnId, requestId: 'r2', outcome });
  });

  test('an answer that the runner did not take leaves the question open', async () => {
    const { service, runner } = harness;
    const { turnId } = await harness.prompted();
    runner.say(turnId, ask);
    runner.answer('session.answerPermission', () => Promise.reject(new PerchError('INTERNAL')));
    await expect(service.answerPermission({ turnId, requestId: 'r1', outcome: yes })).rejects.toThrowError();
    expect(service.permissions()).toHaveLength(1);
  });

  test('the end of the turn takes its questions along', async () => {
    const { service, runner } = harness;
    const { turnId } = await harness.prompted();
    runner.say(turnId, ask);
    await service.cancel(turnId);
    expect(service.permissions()).toEqual([]);
    await expect(service.answerPermission({ turnId, requestId: 'r1', outcome: yes })).rejects.toThrowError(
      code('TURN_ALREADY_ENDED'),
    );
  });
});

test('the newest fifty turns, all that run or just ended, and the latest projects are at hand', async () => {
  const { service, clock } = harness;
  const projects = Array.from({ length: 25 }, (_, index) => join(harness.homeDir, `p${index}`));
  for (const projectDir of projects) {
    mkdirSync(projectDir);
    for (let each = 0; each < 3; each++) {
      clock.advance(10);
      await service.submit(harness.submission({ projectDir }));
    }
  }
  expect(service.recent()).toHaveLength(75);
  await Promise.all(service.recent().map(({ turnId }) => service.cancel(turnId)));
  expect(service.recent()).toHaveLength(75);
  clock.advance(REACHABLE_MS);
  const recent = service.recent();
  expect(recent).toHaveLength(50);
  expect(recent[0]?.projectDir).toBe(projects[24]);
  expect(service.recentProjects()).toEqual(projects.slice(5).reverse());
  const older = service.list({ limit: 3, before: recent[49]?.acceptedAt });
  expect(older.map(({ acceptedAt }) => acceptedAt)).toEqual(
    [1, 2, 3].map((each) => (recent[49]?.acceptedAt ?? 0) - each * 10),
  );
});

test('an unknown turn is not found', () => {
  const turnId = '8b7d4c1e-3f60-4a3e-9a55-0d3a3a1c7b10';
  expect(() => harness.service.get(turnId)).toThrowError(code('NOT_FOUND'));
  expect(() => harness.service.events({ turnId, after: 0, limit: 1 })).toThrowError(code('NOT_FOUND'));
  return expect(harness.service.cancel(turnId)).rejects.toThrowError(code('NOT_FOUND'));
});
