import type { AppState } from '../../shared/contract/state.ts';
import { agent } from './fixtures.ts';

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
