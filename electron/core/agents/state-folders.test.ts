import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { AgentView } from '../../../shared/model/agent.ts';
import type { TurnService } from '../turns/turn-service.ts';
import { createStateFolders } from './state-folders.ts';

let folder: string;
let done: string[];
let sessions: { agentId: string; turnId?: string }[];
let signsIn: boolean;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-state-'));
  done = [];
  sessions = [];
  signsIn = false;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const path = (agentId = 'codex') => join(folder, agentId, 'home');
function fill(agentId = 'codex'): void {
  mkdirSync(join(path(agentId), '.codex'), { recursive: true });
  writeFileSync(join(path(agentId), '.codex', 'auth.json'), '12345');
}

const create = () =>
  createStateFolders({
    agents: {
      view(agentId) {
        if (agentId === 'nobody') throw new PerchError('AGENT_UNKNOWN');
        return {} as AgentView;
      },
    },
    turns: {
      openSessions: () => sessions as ReturnType<TurnService['openSessions']>,
      async closeSessionsOf(predicate) {
        const meant = sessions as Parameters<typeof predicate>[0][];
        done.push(...meant.filter(predicate).map(({ agentId }) => `closed ${agentId}`));
      },
    },
    opener: {
      async revealFile(file) {
        done.push(`revealed ${existsSync(file)}`);
        return true;
      },
    },
    stateDirectory: path,
    async signOut(agentId) {
      if (signsIn) throw new PerchError('LOGIN_STILL_RUNS');
      done.push(`signed out ${agentId}`);
    },
  });

test('says where the folder is and how much is in it, also before there is one', async () => {
  expect(await create().look('codex', false)).toEqual({ path: path(), bytes: 0, revealed: false });
  expect(existsSync(path())).toBe(false);
  fill();
  expect(await create().look('codex', false)).toEqual({ path: path(), bytes: 5, revealed: false });
  await expect(create().look('nobody', false)).rejects.toMatchObject({ code: 'AGENT_UNKNOWN' });
});

test('what is revealed exists', async () => {
  expect(await create().look('codex', true)).toMatchObject({ revealed: true });
  expect(done).toEqual(['revealed true']);
});

test('signs the agent out, stops its idle sessions and empties its folder, and nobody else’s', async () => {
  fill();
  fill('gemini');
  sessions = [{ agentId: 'codex' }, { agentId: 'gemini', turnId: 'x' }];
  expect(await create().clear('codex')).toEqual({ bytes: 5 });
  expect(done).toEqual(['signed out codex', 'closed codex']);
  expect(existsSync(path())).toBe(false);
  expect(existsSync(path('gemini'))).toBe(true);
});

test('nothing goes while a turn of it runs, or while it signs in', async () => {
  fill();
  sessions = [{ agentId: 'codex', turnId: 'x' }];
  await expect(create().clear('codex')).rejects.toMatchObject({ code: 'SESSION_BUSY' });
  sessions = [];
  signsIn = true;
  await expect(create().clear('codex')).rejects.toMatchObject({ code: 'LOGIN_STILL_RUNS' });
  expect(existsSync(path())).toBe(true);
  expect(done).toEqual([]);
});
