import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { CredentialView } from '../../../shared/model/credential.ts';
import { staleSessionSchema } from '../../../shared/model/stale-session.ts';
import type { VariableView } from '../../../shared/model/variable.ts';
import type { SessionFacts } from '../turns/sessions.ts';
import { createStaleSessions } from './stale-sessions.ts';

const credential = (change: Partial<CredentialView> = {}): CredentialView => ({
  credentialId: randomUUID(),
  providerId: 'openai',
  variable: 'OPENAI_API_KEY',
  scope: { kind: 'global' },
  storage: 'keychain',
  masked: '••••••••6789',
  createdAt: 1,
  updatedAt: 1,
  status: 'ok',
  ...change,
});
const OLD = credential();
const session = (credentials: CredentialView[], agentId = 'codex') => ({
  sessionId: randomUUID(),
  agentId,
  projectDir: '/p',
  secretNames: [],
  credentials,
  variables: [],
});

function stale(sessions: SessionFacts[], now: CredentialView[], variables: VariableView[] = []) {
  const closed: string[] = [];
  const restarted: [string, string][] = [];
  const failures: unknown[] = [];
  const service = createStaleSessions({
    credentials: { list: () => now },
    variables: { list: () => variables },
    settings: { agent: () => ({ auth: { mode: 'byo', model: '' }, sandbox: 'on' }) },
    turns: {
      openSessions: () => sessions,
      async closeSessionsOf(predicate) {
        closed.push(...sessions.filter(predicate).map(({ sessionId }) => sessionId));
        throw new Error('the runner is gone');
      },
      restartSession: async (sessionId, { code }) => void restarted.push([sessionId, code]),
    },
    onFailure: (error) => failures.push(error),
  });
  return { service, closed, restarted, failures };
}

test('a session that holds a replaced value is listed, closed when idle, and restarted on request; others are not', async () => {
  const [old, current, none] = [session([OLD]), session([]), session([], 'demo')];
  const now = credential();
  current.credentials = [now];
  const made = stale([old, current, none], [now]);
  const [listed, ...others] = made.service.list();
  expect(staleSessionSchema.parse(listed)).toEqual(listed);
  expect(listed).toMatchObject({
    sessionId: old.sessionId,
    reason: 'replaced',
    credential: { masked: '••••••••6789' },
  });
  expect(others).toEqual([]);

  made.service.settle();
  await new Promise((resolve) => setImmediate(resolve));
  expect(made.closed).toEqual([old.sessionId]);
  expect(made.failures).toEqual([new Error('the runner is gone')]);

  expect(await made.service.restart([current.sessionId])).toEqual([]);
  expect(await made.service.restart()).toEqual([old.sessionId]);
  expect(made.restarted).toEqual([[old.sessionId, 'SESSION_RESTARTED']]);
});

test('where nothing is stale, nothing is asked of the turns', () => {
  const made = stale([session([OLD])], [OLD]);
  made.service.settle();
  expect(made.service.list()).toEqual([]);
  expect(made.closed).toEqual([]);
});

test('one that holds a deleted variable of the user is listed as well, without the value of a plain one', async () => {
  const variable: VariableView = {
    variableId: randomUUID(),
    name: 'MINE',
    scope: { kind: 'global' },
    storage: 'plain',
    shown: 'a value',
    createdAt: 1,
    updatedAt: 1,
  };
  const holder = { ...session([]), variables: [variable] };
  expect(stale([holder], [], [variable]).service.list()).toEqual([]);
  const made = stale([holder], [], []);
  const [listed] = made.service.list();
  expect(staleSessionSchema.parse(listed)).toEqual(listed);
  expect(listed).toMatchObject({ reason: 'deleted', credential: { variable: 'MINE', masked: '' } });
  made.service.settle();
  expect(made.closed).toEqual([holder.sessionId]);
  expect(await made.service.restart([holder.sessionId])).toEqual([holder.sessionId]);
});
