import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadAgents } from './load.ts';
import { modesOf } from './modes.ts';

const resourcesDir = join(import.meta.dirname, '..', '..', '..', 'resources');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-load-'));
  mkdirSync(join(folder, 'agents'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const writeAgent = (change: (agent: Record<string, unknown>) => void) => {
  const agent = JSON.parse(readFileSync(join(resourcesDir, 'agents', 'codex.json'), 'utf8')) as Record<string, unknown>;
  change(agent);
  writeFileSync(join(folder, 'agents', 'codex.json'), JSON.stringify(agent));
};

test('the agents are these, in this order', () => {
  expect(loadAgents(resourcesDir).map(({ agentId }) => agentId)).toEqual([
    'demo',
    'opencode',
    'codex',
    'claude-code',
    'gemini',
    'goose',
  ]);
});

test('every failure sign is a regular expression', () => {
  for (const { failureSigns } of loadAgents(resourcesDir)) {
    const { causes = [], unfinished, ...texts } = failureSigns;
    for (const source of [
      ...Object.values(texts).flatMap((sources) => sources ?? []),
      ...causes.map(({ text }) => text),
      ...(unfinished?.abortedTools ?? []),
    ]) {
      expect(() => new RegExp(source, 'u')).not.toThrow();
    }
  }
});

test('only the demo is a demo', () => {
  expect(loadAgents(resourcesDir).filter(({ demo }) => demo)).toHaveLength(1);
});

test('a description that sets a reserved variable is refused', () => {
  writeAgent((agent) => {
    agent.environment = [{ name: 'LD_PRELOAD', value: '/tmp/x.so', reason: 'quiet' }];
  });
  expect(() => loadAgents(folder)).toThrow(/codex\.json.*reserved name/s);
  writeAgent(() => {});
  expect(loadAgents(folder)).toHaveLength(1);
});

test('a state file cannot leave the home', () => {
  writeAgent((agent) => {
    agent.stateFiles = [{ path: '../outside', content: {} }];
  });
  expect(() => loadAgents(folder)).toThrow(/stateFiles/);
});

test('each agent lists its modes, and what managed takes from it', () => {
  const managed = Object.fromEntries(
    loadAgents(resourcesDir).map((agent) => [agent.agentId, [modesOf(agent), agent.modes.managed?.webTools]]),
  );
  expect(managed).toEqual({
    demo: [['byo'], undefined],
    opencode: [
      ['byo', 'managed'],
      ['webfetch', 'websearch'],
    ],
    codex: [['byo', 'managed'], ['web_search']],
    'claude-code': [
      ['byo', 'managed'],
      ['WebSearch', 'WebFetch'],
    ],
    gemini: [
      ['byo', 'managed'],
      ['google_web_search', 'web_fetch'],
    ],
    goose: [['byo'], undefined],
  });
});

test('an agent without any mode is refused', () => {
  writeAgent((agent) => {
    agent.modes = {};
  });
  expect(() => loadAgents(folder)).toThrow(/no mode/);
});
