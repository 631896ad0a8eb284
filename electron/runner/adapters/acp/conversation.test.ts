import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { defined } from '../../../../shared/defined.ts';
import type { RunnerUnderTest } from '../../testing/runner-process.ts';
import { fakeAgent, startParams, type TestFolders } from '../../testing/session-params.ts';
import { withRunner } from '../../testing/set-up.ts';

let runner: RunnerUnderTest;
let folders: TestFolders;
withRunner((own) => {
  ({ runner, folders } = own);
});

async function start(way: string, more: { agentSessionId?: string; forgetful?: boolean } = {}) {
  const { agentSessionId, forgetful = false } = more;
  const script = fakeAgent('remembering');
  const params = startParams({
    folders,
    script,
    launch: { args: [script, way] },
    environment: forgetful ? { FORGETFUL: '1' } : {},
  });
  const started = await runner.request('session.start', {
    ...params,
    ...defined({ agentSessionId }),
  });
  return { sessionId: params.sessionId, started };
}

/** What the agent says that it remembers. */
async function ask(sessionId: string, prompt: string): Promise<string> {
  const turnId = randomUUID();
  await runner.request('session.prompt', { sessionId, turnId, prompt });
  const events = runner.notifications.filter(({ name, params }) => name === 'turn.event' && params.turnId === turnId);
  return events.map(({ params }) => (params.event as { text?: string }).text ?? '').join('');
}

test.each(['load', 'resume'])('an agent that can %s goes on in another process', async (way) => {
  const first = await start(way);
  expect(first.started).not.toHaveProperty('continuation');
  await ask(first.sessionId, 'one');
  await ask(first.sessionId, 'crash');
  const agentSessionId = first.started.agentSessionId ?? '';
  const second = await start(way, { agentSessionId });
  expect(second.started).toMatchObject({ agentSessionId, continuation: 'continued' });
  // What it said again while it loaded is no part of the next turn, and no noise in the log either.
  expect(await ask(second.sessionId, 'two')).toBe('one, crash, two');
  expect(JSON.stringify(runner.notifications)).not.toContain('an update outside a turn');
});

test('one that cannot begins anew, and says so', async () => {
  const first = await start('neither');
  expect(first.started.agentSessionId).toBeUndefined();
  await ask(first.sessionId, 'one');
  const second = await start('neither', { agentSessionId: 'conversation-1' });
  expect(second.started.continuation).toBe('unsupported');
  expect(await ask(second.sessionId, 'two')).toBe('two');
});

test('one that no longer has the conversation begins anew, and says so', async () => {
  const first = await start('load');
  await ask(first.sessionId, 'one');
  const { agentSessionId = '' } = first.started;
  const second = await start('load', { agentSessionId, forgetful: true });
  expect(second.started.continuation).toBe('refused');
  expect(second.started.agentSessionId).not.toBe(agentSessionId);
  expect(await ask(second.sessionId, 'two')).toBe('two');
  expect(JSON.stringify(runner.notifications)).toContain('did not go on with its conversation');
});
