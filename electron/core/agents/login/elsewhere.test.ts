import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadAgents } from '../load.ts';
import { folderVariables, hasLoginElsewhere } from './elsewhere.ts';

const agents = loadAgents(join(import.meta.dirname, '..', '..', '..', '..', 'resources'));
const loginOf = (agentId: string) => {
  const login = agents.find((agent) => agent.agentId === agentId)?.login;
  if (login === undefined) throw new Error(`${agentId} has no login`);
  return login;
};

let home: string;
const put = (file: string, text = 'not for Perch', mode = 0o600) => {
  mkdirSync(dirname(join(home, file)), { recursive: true });
  writeFileSync(join(home, file), text);
  chmodSync(join(home, file), mode);
};
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'perch-elsewhere-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test.each([
  ['claude-code', '.claude/.credentials.json'],
  ['codex', '.codex/auth.json'],
  ['gemini', '.gemini/oauth_creds.json'],
  ['opencode', '.local/share/opencode/auth.json'],
])('a login that %s has in the terminal is seen by its file, which need not be readable', (agentId, file) => {
  expect(hasLoginElsewhere(loginOf(agentId), { home, environment: {} })).toBe(false);
  put(file, 'no JSON at all', 0o000);
  expect(hasLoginElsewhere(loginOf(agentId), { home, environment: {} })).toBe(true);
});

test.each([
  ['claude-code', 'CLAUDE_CONFIG_DIR', '.credentials.json'],
  ['codex', 'CODEX_HOME', 'auth.json'],
  ['opencode', 'XDG_DATA_HOME', 'opencode/auth.json'],
])('%s is looked for where %s says, and there alone', (agentId, variable, file) => {
  const environment = { [variable]: join(home, 'moved') };
  put(`moved/${file}`);
  expect(hasLoginElsewhere(loginOf(agentId), { home, environment })).toBe(true);
  expect(hasLoginElsewhere(loginOf(agentId), { home, environment: {} })).toBe(false);
  expect(hasLoginElsewhere(loginOf(agentId), { home, environment: { [variable]: 'relative' } })).toBe(false);
});

test('an empty file and a folder of that name are no login', () => {
  put('.codex/auth.json', '');
  mkdirSync(join(home, '.claude/.credentials.json'), { recursive: true });
  expect(hasLoginElsewhere(loginOf('codex'), { home, environment: {} })).toBe(false);
  expect(hasLoginElsewhere(loginOf('claude-code'), { home, environment: {} })).toBe(false);
});

test('the variables that the login shell is asked for', () => {
  expect([...folderVariables(agents.map(({ login }) => login))].sort()).toEqual([
    'CLAUDE_CONFIG_DIR',
    'CODEX_HOME',
    'XDG_DATA_HOME',
  ]);
});
