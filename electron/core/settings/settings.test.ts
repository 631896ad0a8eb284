import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT_AGENT_SETTINGS } from '../../../shared/model/agent.ts';
import { DEFAULT_SETTINGS } from '../../../shared/model/settings.ts';
import type { Clock } from '../../node/clock.ts';
import { type Database, openDatabase } from '../storage/database/database.ts';
import { createSettings, type SettingsChange } from './settings.ts';

const clock: Clock = { now: () => 7, after: () => () => {} };
let folder: string;
let database: Database;
let changes: SettingsChange[];
let invalid: string[];

const chosen = { auth: { mode: 'byo', model: 'x' }, sandbox: 'on' };

const open = () =>
  createSettings({
    database,
    clock,
    onChange: (change) => changes.push(change),
    onInvalid: (key) => invalid.push(key),
  });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-settings-'));
  database = openDatabase({
    file: join(folder, 'perch.db'),
    clock,
    random: { uuid: () => 'installation', fraction: () => 0 },
  });
  changes = [];
  invalid = [];
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a new database has the defaults', () => {
  const settings = open();
  expect(settings.get()).toEqual(DEFAULT_SETTINGS);
  expect(settings.agent('codex')).toEqual(DEFAULT_AGENT_SETTINGS);
  expect(settings.baseUrls().size).toBe(0);
  expect(invalid).toEqual([]);
});

test('what was set is there after a restart, and each change is told once', () => {
  const settings = open();
  expect(settings.update({ theme: 'dark', projectDir: '/home/me/project' })).toMatchObject({ theme: 'dark' });
  settings.update({ theme: 'dark' });
  expect(settings.updateAgent('codex', { auth: { mode: 'byo', model: ' gpt-5 ' }, sandbox: 'off' }).auth.model).toBe(
    'gpt-5',
  );
  settings.updateAgent('codex', { sandbox: 'off' });
  settings.setBaseUrl('openai', 'https://example.test/v1');
  settings.setBaseUrl('openai', 'https://example.test/v1');
  expect(changes).toEqual([
    { kind: 'settings' },
    { kind: 'agent', agentId: 'codex' },
    { kind: 'provider', providerId: 'openai' },
  ]);

  const again = open();
  expect(again.get()).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark', projectDir: '/home/me/project' });
  expect(again.agent('codex')).toEqual({ auth: { mode: 'byo', model: 'gpt-5' }, sandbox: 'off' });
  expect([...again.baseUrls()]).toEqual([['openai', 'https://example.test/v1']]);
});

test('a null provider goes back to the derived one, an absent one stays', () => {
  const settings = open();
  settings.updateAgent('opencode', { auth: { mode: 'byo', providerId: 'openrouter' } });
  expect(settings.updateAgent('opencode', { auth: { mode: 'byo', model: 'x' } }).auth.providerId).toBe('openrouter');
  expect(settings.updateAgent('opencode', { auth: { mode: 'byo', providerId: null } })).toEqual(chosen);
  expect(open().agent('opencode')).toEqual(chosen);
});

test('an account is chosen by provider; a null one is taken back, the others stay', () => {
  const settings = open();
  settings.updateAgent('opencode', { accounts: { openai: 'work', xai: 'private' } });
  settings.updateAgent('opencode', { auth: { mode: 'byo', model: 'x' }, accounts: { openai: null } });
  expect(open().agent('opencode').accounts).toEqual({ xai: 'private' });
  settings.updateAgent('opencode', { accounts: { xai: null } });
  expect(open().agent('opencode')).toEqual(chosen);
});

test('a chosen program stays until it is taken back', () => {
  const settings = open();
  expect(settings.updateAgent('codex', { program: '/opt/codex' }).program).toBe('/opt/codex');
  expect(settings.updateAgent('codex', { sandbox: 'off' }).program).toBe('/opt/codex');
  expect(settings.updateAgent('codex', { program: null }).program).toBeUndefined();
  expect(open().agent('codex').program).toBeUndefined();
});

test('a reset endpoint is gone, and a reset of none is no change', () => {
  const settings = open();
  settings.resetBaseUrl('openai');
  expect(changes).toEqual([]);
  settings.setBaseUrl('openai', 'https://example.test/v1');
  settings.resetBaseUrl('openai');
  expect(settings.baseUrls().size).toBe(0);
  expect(open().baseUrls().size).toBe(0);
});

test('a value that is not understood counts as its default, is reported, and stays stored', () => {
  const { sql } = database;
  sql.exec(`INSERT INTO setting VALUES ('theme', '"plaid"'), ('locale', 'not json'), ('laterSetting', '1')`);
  sql.exec(
    `INSERT INTO agent_setting VALUES ('codex', '{"auth":{"mode":"byo","model":"m"},"sandbox":3,"later":true}'), ('goose', '[')`,
  );
  sql.exec(`INSERT INTO provider_override VALUES ('openai', 'nowhere', 1)`);
  const settings = open();
  expect(settings.get()).toEqual(DEFAULT_SETTINGS);
  expect(settings.agent('codex')).toEqual({ auth: { mode: 'byo', model: 'm' }, sandbox: 'on' });
  expect(settings.agent('goose')).toEqual(DEFAULT_AGENT_SETTINGS);
  expect(settings.baseUrls().size).toBe(0);
  expect(invalid.sort()).toEqual([
    'agent.codex.later',
    'agent.codex.sandbox',
    'agent.goose',
    'laterSetting',
    'locale',
    'provider.openai',
    'theme',
  ]);

  settings.update({ clearClipboardAfterPaste: false });
  settings.updateAgent('codex', { auth: { mode: 'byo', model: 'n' } });
  expect(sql.prepare(`SELECT value FROM setting WHERE key = 'theme'`).pluck().get()).toBe('"plaid"');
  expect(
    JSON.parse(String(sql.prepare(`SELECT value FROM agent_setting WHERE agent_id = 'codex'`).pluck().get())),
  ).toEqual({ auth: { mode: 'byo', model: 'n' }, sandbox: 3, later: true });
});

test('an agent named like a property of every object has no settings of its own', () => {
  database.sql.exec(`INSERT INTO agent_setting VALUES ('codex', '{"constructor":1,"__proto__":{"model":"x"}}')`);
  expect(open().agent('codex')).toEqual(DEFAULT_AGENT_SETTINGS);
  expect(open().agent('constructor')).toEqual(DEFAULT_AGENT_SETTINGS);
});

test('single settings go back to their defaults, others and what was not understood stay', () => {
  database.sql.exec(
    `INSERT INTO agent_setting VALUES ('codex', '{"auth":{"mode":"byo","model":"m"},"sandbox":"off","later":1}')`,
  );
  const settings = open();
  settings.resetAgent('codex', ['auth']);
  expect(settings.agent('codex')).toEqual({ ...DEFAULT_AGENT_SETTINGS, sandbox: 'off' });
  expect(open().agent('codex')).toEqual({ ...DEFAULT_AGENT_SETTINGS, sandbox: 'off' });
  expect(changes).toEqual([{ kind: 'agent', agentId: 'codex' }]);
  settings.resetAgent('codex', ['sandbox']);
  expect(open().agent('codex')).toEqual(DEFAULT_AGENT_SETTINGS);
  const stored = database.sql.prepare(`SELECT value FROM agent_setting WHERE agent_id = 'codex'`).pluck().get();
  expect(JSON.parse(String(stored))).toEqual({ later: 1 });
  settings.resetAgent('nobody', ['auth']);
  expect(changes).toHaveLength(2);
});
