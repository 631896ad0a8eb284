import type { AppState } from '../../../../shared/contract/state.ts';
import type { StoredRunEvent } from '../../../../shared/model/run-event.ts';
import { DEFAULT_SETTINGS } from '../../../../shared/model/settings.ts';

export const TURN_ID = '7b0f6f0e-4f0e-4c46-9d6a-0d8a4ff5a001';

/** For tests: the state of a core in which nothing happened yet. */
export function emptyState(): AppState {
  return {
    connection: { kind: 'starting' },
    keychain: { state: 'unknown' },
    host: {
      kind: 'loopback',
      version: '0.0.0',
      platform: 'linux',
      dataDir: '/data',
      scratchDir: '/data/scratch',
      sandbox: { state: 'checking' },
      terminals: { state: 'available' },
      canChooseFolder: false,
      canRevealFiles: false,
      canHoldOffSleep: false,
    },
    settings: {
      ...DEFAULT_SETTINGS,
    },
    declaration: null,
    agents: [],
    programs: { loginShell: { state: 'not-needed' }, installs: [] },
    providers: [],
    credentials: [],
    staleSessions: [],
    turns: [],
    leaks: [],
    recovery: null,
    logins: [],
    egress: { allowed: [], refused: [] },
    network: {},
    variables: [],
    mcpServers: [],
    permissions: [],
    background: [],
    recentProjects: [],
    bootFailures: [],
    leaving: 'staying',
  };
}

export function textEvent(seq: number): StoredRunEvent {
  return { turnId: TURN_ID, seq, at: seq, event: { type: 'agent.message', text: `${seq}` } };
}
