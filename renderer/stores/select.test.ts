import { describe, expect, test } from 'vitest';
import { agent, STATE, turn } from '../dev/fixtures.ts';
import { protectionOf, turnsOfSession, workingDirectory } from './select.ts';

test('a session is all of its turns once, oldest first, as the state last told them', () => {
  const old = turn(3, { sessionId: 's', status: 'running' });
  const same = turn(3, { sessionId: 's', status: 'completed' });
  const newer = turn(1, { sessionId: 's' });
  expect(turnsOfSession('s', [newer, old], [same, turn(2, { sessionId: 'other' })])).toEqual([same, newer]);
});

test('without a project the scratch folder is where turns work', () => {
  const { projectDir: _, ...settings } = STATE.settings;
  expect(workingDirectory({ ...STATE, settings })).toBe(STATE.host.scratchDir);
});

describe('protection', () => {
  const one = agent({ agentId: 'opencode', name: 'OpenCode' });

  test('the network is that of the next session, whatever earlier ones had', () => {
    for (const network of ['proxy', 'shared', 'none'] as const) {
      expect(protectionOf({ ...one, network }, STATE)).toMatchObject({ kind: 'on', network });
    }
  });

  test('turned off is said even where no sandbox could be had', () => {
    const off = { ...one, settings: { ...one.settings, sandbox: 'off' as const } };
    const host = { ...STATE.host, sandbox: { state: 'unavailable' as const, reason: 'no bwrap' } };
    expect(protectionOf(off, { ...STATE, host })).toEqual({ kind: 'off' });
    expect(protectionOf(one, { ...STATE, host })).toEqual({ kind: 'unavailable', reason: 'no bwrap' });
  });
});
