import { expect, test } from 'vitest';
import type { RunnerNotificationParams } from '../../../../shared/runner-protocol/protocol.ts';
import { createLeaks } from './leaks.ts';

type Found = RunnerNotificationParams<'secret.found'>;

test('a secret that turned up is listed once for its agent and place, with its provider, until it is seen', () => {
  let find: (found: Found) => void = () => {};
  let changes = 0;
  const session = {
    sessionId: 's1',
    agentId: 'codex',
    projectDir: '/p',
    providerId: 'openai',
    secretNames: ['KEY'],
    credentials: [],
    variables: [],
  };
  const leaks = createLeaks({
    runner: {
      onNotification: ((_name: string, listener: (found: Found) => void) => {
        find = listener;
        return () => {};
      }) as never,
    },
    sessions: () => [session],
    clock: { now: () => 7 },
    onChange: () => {
      changes += 1;
    },
  });
  const found = { sessionId: 's1', turnId: 't1', variable: 'KEY', where: 'output' } as const;
  find(found);
  find({ ...found, turnId: 't2' });
  find({ ...found, where: 'log' });
  find({ ...found, sessionId: 'unknown' });
  const common = { variable: 'KEY', agentId: 'codex', providerId: 'openai', sessionId: 's1', at: 7 };
  expect(leaks.list()).toEqual([
    { ...common, turnId: 't1', where: 'log' },
    { ...common, turnId: 't2', where: 'output' },
  ]);
  leaks.dismiss();
  expect(leaks.list()).toEqual([]);
  expect(changes).toBe(4);
});
