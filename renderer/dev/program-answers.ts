import type { Result } from '../../shared/contract/methods.ts';
import type { AppState } from '../../shared/contract/state.ts';
import type { InstallJob } from '../../shared/model/programs.ts';
import { AGENTS, agent, NOW } from './fixtures.ts';

/** Several programs, an old one, one that is gone, and a shell that does not answer. */
export const FOUND: Pick<AppState, 'agents' | 'programs'> = {
  programs: {
    loginShell: { state: 'could-not-check', why: 'timeout', shell: '/usr/bin/zsh', seconds: 10 },
    installs: [],
  },
  agents: [
    agent({
      agentId: 'codex',
      name: 'Codex',
      installation: {
        state: 'found',
        path: '/home/ada/.local/share/perch/agents/codex/program/0.169.0/node_modules/@openai/codex-linux-x64/codex',
        version: '0.169.0',
        source: 'installed',
        others: [
          { path: '/usr/local/bin/codex', version: '0.166.0', source: 'path' },
          { path: '/home/ada/.bun/bin/codex', source: 'place' },
        ],
      },
    }),
    agent({
      agentId: 'opencode',
      name: 'OpenCode',
      installation: {
        state: 'found',
        path: '/usr/local/bin/opencode',
        version: '1.2.3',
        source: 'path',
        olderThan: '1.18.33',
        chosenIsGone: '/home/ada/.opencode/bin/opencode',
      },
      settings: { auth: { mode: 'byo', model: '' }, sandbox: 'on', program: '/home/ada/.opencode/bin/opencode' },
    }),
  ],
};

const INSTALL = {
  version: '2.1.330',
  packages: ['@anthropic-ai/claude-code@2.1.330', '@agentclientprotocol/claude-agent-acp@0.101.0'],
};

/** Claude Code is missing and can be installed; `progress` is how far that is. */
export function installing(progress?: InstallJob['progress']): Pick<AppState, 'agents' | 'programs'> {
  return {
    agents: AGENTS.map((one) => (one.agentId === 'claude-code' ? { ...one, install: INSTALL } : one)),
    programs: {
      loginShell: { state: 'known' },
      installs:
        progress === undefined ? [] : [{ agentId: 'claude-code', version: '2.1.330', startedAt: NOW, progress }],
    },
  };
}

export const RUNNING = { state: 'running', phase: 'fetching', packages: 3, bytes: 84_300_000 } as const;
export const REFUSED_INSTALL: InstallJob['progress'] = {
  state: 'failed',
  error: {
    code: 'INSTALL_UNREACHABLE',
    values: {
      agent: 'Claude Code',
      reason: 'request failed, reason: ECONNREFUSED',
      installCommand: 'npm install -g @anthropic-ai/claude-code',
    },
  },
};

/** Installed by Perch, and a newer one is known. */
export const UPDATABLE: Pick<AppState, 'agents'> = {
  agents: [
    agent({
      agentId: 'codex',
      name: 'Codex',
      install: { version: '0.169.0', packages: ['@openai/codex@0.169.0'] },
      installation: {
        state: 'found',
        path: '/home/ada/.local/share/perch/agents/codex/program/0.150.0/codex',
        version: '0.150.0',
        source: 'installed',
      },
    }),
  ],
};

export const OTHERS: Result<'agentRegistry.list'> = {
  source: {
    source: 'https://agentclientprotocol.com/registry',
    date: '2026-11-22',
    origin: 'https://cdn.agentclientprotocol.com/registry/v1/latest/registry.json',
    licence: 'Apache-2.0',
  },
  agents: [
    {
      agentId: 'qwen-code',
      name: 'Qwen Code',
      version: '0.24.4',
      description: 'The coding agent for Qwen models.',
      homepage: 'https://example.org/qwen-code',
      licence: 'Apache-2.0',
      how: 'package',
      installCommand: 'npm install -g @qwen-code/qwen-code@0.24.4',
      added: false,
    },
    {
      agentId: 'python-agent',
      name: 'An agent that is no package of npm',
      version: '2.0.2',
      description: 'It comes from somewhere else.',
      how: 'by-hand',
      installCommand: 'uv tool install python-agent',
      added: false,
    },
  ],
};
