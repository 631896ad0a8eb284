import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_AGENT_SETTINGS } from '../../../shared/model/agent.ts';
import type { AgentAuth, AgentAuthPatch } from '../../../shared/model/auth.ts';
import { openDatabase } from '../storage/database/database.ts';
import { MIGRATIONS } from '../storage/database/migrations.ts';
import { clearedBy, patchAuth } from './auth.ts';
import { createSettings } from './settings.ts';

const { auth: DEFAULT_AUTH } = DEFAULT_AGENT_SETTINGS;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-auth-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const gateway = { providerId: 'openai' };
const managed: AgentAuth = { mode: 'managed', gateway, allowedModels: ['a', 'b'] };
const own: AgentAuth = { mode: 'byo', model: 'm', providerId: 'openrouter' };

test.each<[before: AgentAuth, patch: AgentAuthPatch, after: AgentAuth, cleared: string[]]>([
  [own, { mode: 'byo' }, own, []],
  [own, { mode: 'byo', model: 'n' }, { mode: 'byo', model: 'n', providerId: 'openrouter' }, []],
  [own, { mode: 'byo', providerId: null }, { mode: 'byo', model: 'm' }, []],
  [own, { mode: 'byo', model: '' }, { mode: 'byo', model: '', providerId: 'openrouter' }, []],
  [own, managed as AgentAuthPatch, managed, ['m']],
  [DEFAULT_AUTH, managed as AgentAuthPatch, managed, []],
  [managed, { mode: 'byo' }, DEFAULT_AUTH, ['a', 'b']],
  [managed, { mode: 'byo', model: 'a' }, { mode: 'byo', model: 'a' }, ['a', 'b']],
  [managed, { mode: 'managed', gateway, allowedModels: ['b'] }, { mode: 'managed', gateway, allowedModels: ['b'] }, []],
])('from %j by %j', (before, patch, after, cleared) => {
  const patched = patchAuth(before, patch);
  expect(patched).toEqual(after);
  expect(clearedBy(before, patched)).toEqual(cleared);
});

const clock = { now: () => 1, after: () => () => {} };
const file = () => join(folder, 'perch.db');
const random = { uuid: () => 'installation', fraction: () => 0 };

/** The settings of an agent as they are read from what the database has. */
function read(values: readonly unknown[]): { settings: unknown[]; invalid: string[] } {
  const database = openDatabase({ file: file(), clock, random });
  const insert = database.sql.prepare('INSERT OR REPLACE INTO agent_setting VALUES (?, ?)');
  for (const [index, value] of values.entries()) insert.run(`agent-${index}`, JSON.stringify(value));
  const invalid: string[] = [];
  const settings = createSettings({ database, clock, onChange: () => {}, onInvalid: (key) => invalid.push(key) });
  const read = values.map((_, index) => settings.agent(`agent-${index}`).auth);
  database.close();
  return { settings: read, invalid };
}

describe('as it was stored', () => {
  test('the mode alone decides, whatever of the other mode was left there', () => {
    const { settings, invalid } = read([
      { auth: { mode: 'byo', model: 'm', gateway, allowedModels: ['a'] } },
      { auth: { ...managed, model: 'm', providerId: 'xai' } },
    ]);
    expect(settings).toEqual([{ mode: 'byo', model: 'm' }, managed]);
    expect(invalid).toEqual([]);
  });

  test('managed that is not understood stays managed, of a provider that nobody is', () => {
    const { settings, invalid } = read([
      { auth: { mode: 'managed', allowedModels: ['a'] } },
      { auth: { mode: 'managed', gateway } },
      { auth: { mode: 'managed', gateway, allowedModels: [] } },
      { auth: { mode: 'later', model: 'm' } },
      { auth: 3 },
    ]);
    const nobody = { mode: 'managed', gateway: { providerId: 'not-understood' }, allowedModels: ['not-understood'] };
    expect(settings).toEqual([nobody, nobody, nobody, DEFAULT_AUTH, DEFAULT_AUTH]);
    expect(invalid).toHaveLength(5);
  });

  test('a restart finds what was set, and nothing of the mode before', () => {
    const database = openDatabase({ file: file(), clock, random });
    const open = () => createSettings({ database, clock, onChange: () => {}, onInvalid: () => {} });
    open().updateAgent('codex', { auth: { mode: 'byo', model: 'm', providerId: 'openai' } });
    open().updateAgent('codex', { auth: { mode: 'managed', gateway, allowedModels: ['a', 'b'] } });
    expect(open().agent('codex').auth).toEqual(managed);
    const stored = database.sql.prepare('SELECT value FROM agent_setting').pluck().get();
    expect(JSON.parse(String(stored))).toEqual({ auth: managed });
    open().updateAgent('codex', { auth: { mode: 'byo' } });
    expect(open().agent('codex').auth).toEqual(DEFAULT_AUTH);
    database.close();
  });
});

test('settings of the version before are carried over', () => {
  const step = MIGRATIONS.findIndex((sql) => sql.includes("'$.auth'"));
  const before = new BetterSqlite3(file());
  for (const sql of MIGRATIONS.slice(0, step)) before.exec(sql);
  before.pragma(`user_version = ${step}`);
  const insert = before.prepare('INSERT INTO agent_setting VALUES (?, ?)');
  insert.run('opencode', '{"model":"anthropic/claude-x","providerId":"openrouter","sandbox":"off","later":1}');
  insert.run('codex', '{"sandbox":"on","accounts":{"openai":"work"}}');
  insert.run('gemini', '{"model":3}');
  insert.run('goose', '[');
  insert.run('demo', '[1]');
  before.close();

  const database = openDatabase({ file: file(), clock, random });
  const rows = database.sql.prepare('SELECT agent_id, value FROM agent_setting').raw().all() as [string, string][];
  expect(
    Object.fromEntries(rows.map(([id, value]) => [id, value.startsWith('{') ? JSON.parse(value) : value])),
  ).toEqual({
    opencode: {
      auth: { mode: 'byo', model: 'anthropic/claude-x', providerId: 'openrouter' },
      sandbox: 'off',
      later: 1,
    },
    codex: { auth: { mode: 'byo' }, sandbox: 'on', accounts: { openai: 'work' } },
    gemini: { auth: { mode: 'byo', model: 3 } },
    goose: '[',
    demo: '[1]',
  });
  const settings = createSettings({ database, clock, onChange: () => {}, onInvalid: () => {} });
  expect(settings.agent('opencode')).toEqual({
    auth: { mode: 'byo', model: 'anthropic/claude-x', providerId: 'openrouter' },
    sandbox: 'off',
  });
  expect(settings.agent('codex').auth).toEqual(DEFAULT_AUTH);
  database.close();
});
