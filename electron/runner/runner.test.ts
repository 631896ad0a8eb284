import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AgentEvent } from '../../shared/model/run-event.ts';
import { RUNNER_PROTOCOL_VERSION } from '../../shared/runner-protocol/protocol.ts';
import type { RunnerUnderTest } from './testing/runner-process.ts';
import { demoAgent, startParams, type TestFolders } from './testing/session-params.ts';
import { withRunner } from './testing/set-up.ts';

let runner: RunnerUnderTest;
let folders: TestFolders;
withRunner((own) => {
  ({ runner, folders } = own);
});

const eventsOf = (turnId: string): AgentEvent[] =>
  runner.notifications
    .filter(({ name, params }) => name === 'turn.event' && params.turnId === turnId)
    .map(({ params }) => params.event as AgentEvent);

const textOf = (turnId: string): string =>
  eventsOf(turnId)
    .map((event) => (event.type === 'agent.message' ? event.text : ''))
    .join('');

async function start(options: Partial<Parameters<typeof startParams>[0]> = {}): Promise<string> {
  const params = startParams({ folders, script: demoAgent, ...options });
  await runner.request('session.start', params);
  return params.sessionId;
}

async function ask(sessionId: string, prompt: string) {
  const turnId = randomUUID();
  return { turnId, result: await runner.request('session.prompt', { sessionId, turnId, prompt }) };
}

describe('the handshake', () => {
  it('announces itself first, and answers with its version', async () => {
    const ready = await runner.seen(({ name }) => name === 'runner.ready');
    expect(ready.params).toEqual({ protocolVersion: RUNNER_PROTOCOL_VERSION, pid: runner.process.pid });
    expect(runner.notifications[0]).toBe(ready);
    expect(await runner.request('runner.initialize', { protocolVersion: RUNNER_PROTOCOL_VERSION })).toEqual({
      protocolVersion: RUNNER_PROTOCOL_VERSION,
      pid: runner.process.pid,
    });
    expect(await runner.request('runner.ping', {})).toEqual({});
  });

  it('refuses another version, an unknown method and wrong parameters', async () => {
    await expect(runner.request('runner.initialize', { protocolVersion: 99 })).rejects.toMatchObject({
      code: 'RUNNER_VERSION_MISMATCH',
    });
    await expect(runner.peer.request('runner.dance', {})).rejects.toMatchObject({ code: 'METHOD_NOT_FOUND' });
    await expect(runner.peer.request('session.start', { sessionId: 'x' })).rejects.toMatchObject({
      code: 'INVALID_PARAMS',
    });
  });

  it('ends when the core is gone', async () => {
    await runner.seen(({ name }) => name === 'runner.ready');
    runner.process.stdin?.end();
    expect(await runner.exited).toBe(0);
    expect(runner.stderr()).toBe('');
  });

  it('ends when asked, after the answer', async () => {
    expect(await runner.request('runner.shutdown', {})).toEqual({});
    expect(await runner.exited).toBe(0);
  });
});

describe('a turn of the demo agent in the sandbox', () => {
  it('streams, plans, lists files, asks, writes and reports usage', async () => {
    const sessionId = await start();
    const turnId = randomUUID();
    const result = runner.request('session.prompt', { sessionId, turnId, prompt: 'Hello there' });
    const asked = await runner.seen(({ params }) => (params.event as AgentEvent)?.type === 'permission.requested');
    const { requestId, options } = asked.params.event as Extract<AgentEvent, { type: 'permission.requested' }>;
    const allow = options.find(({ kind }) => kind === 'allow_once');
    expect(existsSync(join(folders.project, 'perch-demo.txt'))).toBe(false);
    await runner.request('session.answerPermission', {
      sessionId,
      turnId,
      requestId,
      outcome: { outcome: 'selected', optionId: allow?.optionId ?? '' },
    });
    expect(await result).toEqual({ outcome: 'completed', stopReason: 'end_turn' });
    expect(textOf(turnId)).toContain('demo agent');
    expect(textOf(turnId)).toContain('Hello there');
    expect(readFileSync(join(folders.project, 'perch-demo.txt'), 'utf8')).toContain('demo agent was here');
    const types = new Set(eventsOf(turnId).map(({ type }) => type));
    for (const type of ['plan', 'tool.call', 'tool.update', 'permission.answered', 'usage'] as const) {
      expect(types).toContain(type);
    }
  });

  it('leaves the file alone when it is denied, remembers, and goes on', async () => {
    const sessionId = await start();
    const turnId = randomUUID();
    const result = runner.request('session.prompt', { sessionId, turnId, prompt: 'First words' });
    const asked = await runner.seen(({ params }) => (params.event as AgentEvent)?.type === 'permission.requested');
    const { requestId } = asked.params.event as Extract<AgentEvent, { type: 'permission.requested' }>;
    const answer = { sessionId, turnId, requestId };
    await expect(
      runner.request('session.answerPermission', { ...answer, outcome: { outcome: 'selected', optionId: 'other' } }),
    ).rejects.toMatchObject({ code: 'INVALID_PARAMS' });
    await runner.request('session.answerPermission', {
      ...answer,
      outcome: { outcome: 'selected', optionId: 'reject' },
    });
    expect(await result).toMatchObject({ outcome: 'completed' });
    expect(textOf(turnId)).toContain('left it alone');
    await expect(
      runner.request('session.answerPermission', { ...answer, outcome: { outcome: 'cancelled' } }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(existsSync(join(folders.project, 'perch-demo.txt'))).toBe(false);

    const second = runner.request('session.prompt', { sessionId, turnId: randomUUID(), prompt: 'And again' });
    const another = await runner.seen(
      ({ params }) => (params.event as AgentEvent)?.type === 'permission.requested' && params.turnId !== turnId,
    );
    await runner.request('session.cancel', { sessionId, turnId: another.params.turnId as string });
    expect(await second).toEqual({ outcome: 'cancelled' });
    expect(textOf(another.params.turnId as string)).toContain('First words');
  });

  it('takes one prompt at a time', async () => {
    const sessionId = await start();
    const turnId = randomUUID();
    const hanging = runner.request('session.prompt', { sessionId, turnId, prompt: '/hang' });
    await expect(ask(sessionId, 'too early')).rejects.toMatchObject({ code: 'INVALID_PARAMS' });
    await runner.request('session.cancel', { sessionId, turnId });
    expect(await hanging).toEqual({ outcome: 'cancelled' });
    expect((await ask(sessionId, '/help')).result).toMatchObject({ outcome: 'completed' });
  });

  it('passes 2,000 chunks on, whole and before the answer', async () => {
    const sessionId = await start();
    const { turnId, result } = await ask(sessionId, '/big');
    expect(result).toMatchObject({ outcome: 'completed' });
    expect(textOf(turnId).trim().split('\n')).toHaveLength(2000);
  });

  it('closes politely and says nothing of an exit that was asked for', async () => {
    const sessionId = await start();
    await runner.request('session.close', { sessionId });
    await expect(ask(sessionId, '/help')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(runner.notifications.map(({ name }) => name)).not.toContain('session.exited');
    await runner.request('session.close', { sessionId });
  });
});

describe('failures are told as such', () => {
  it.each([
    ['please fail now', 'AGENT_REPORTED_ERROR', 'The demo agent was asked to fail, so it did.'],
    ['/error-text', 'PROVIDER_SERVER_ERROR', 'Demo API Error: 500'],
  ])('%s', async (prompt, code, sentence) => {
    const sessionId = await start();
    const { result } = await ask(sessionId, prompt);
    expect(result).toMatchObject({ outcome: 'failed', error: { code } });
    expect(result).toHaveProperty('reported', expect.stringContaining(sentence));
    expect((await ask(sessionId, '/help')).result).toMatchObject({ outcome: 'completed' });
  });

  it('a crash: exit code, stderr in the log, then the end of the session', async () => {
    const sessionId = await start();
    const { turnId, result } = await ask(sessionId, '/crash');
    expect(result).toMatchObject({ outcome: 'failed', error: { code: 'AGENT_EXITED' }, exitCode: 70 });
    const exited = await runner.seen(({ name }) => name === 'session.exited');
    expect(exited.params).toEqual({ sessionId, exitCode: 70, signal: null });
    expect(runner.notifications).toContainEqual({
      name: 'log.line',
      params: {
        sessionId,
        turnId,
        level: 'info',
        source: 'agent.stderr',
        message: 'the demo agent was asked to crash',
      },
    });
    await expect(ask(sessionId, '/help')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
