import type { AppState } from '../../shared/contract/state.ts';
import type { AgentView } from '../../shared/model/agent.ts';
import type { CredentialView } from '../../shared/model/credential.ts';
import type { CredentialEvent } from '../../shared/model/credential-event.ts';
import type { Failure } from '../../shared/model/failure.ts';
import type { LogLevel, PositionedLogLine } from '../../shared/model/log-position.ts';
import type { ProviderView } from '../../shared/model/provider.ts';
import type { RunEvent, TurnSummary } from '../../shared/model/run-event.ts';
import { DEFAULT_SETTINGS } from '../../shared/model/settings.ts';
import type { StaleSession } from '../../shared/model/stale-session.ts';

/** A fixed moment, so that pictures of the same state are the same. */
export const NOW = Date.UTC(2026, 10, 22, 12, 0, 0);
const MINUTE = 60_000;

export function uuid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

export function agent(patch: Partial<AgentView> & Pick<AgentView, 'agentId' | 'name'>): AgentView {
  return {
    description: 'A coding agent.',
    demo: false,
    installation: { state: 'found', path: `/usr/local/bin/${patch.agentId}`, version: '1.2.3', source: 'path' },
    readiness: { state: 'ready' },
    settings: { auth: { mode: 'byo', model: '' }, sandbox: 'on' },
    network: 'proxy',
    providerIds: ['anthropic'],
    modes: ['byo'],
    permissionModes: ['plan', 'ask', 'execute'],
    takesInstructions: true,
    webTools: ['web_search', 'web_fetch'],
    effective: { mode: 'byo', providerId: 'anthropic', model: '' },
    ...patch,
  };
}

const missingToken = (name: string, provider: string, variables: string) =>
  ({
    state: 'not-ready',
    error: {
      code: 'MISSING_BYOK_CREDENTIAL',
      values: { agent: name, provider, variables, providerId: provider.toLowerCase() },
    },
  }) as const;

export const CONFLICTS: NonNullable<AgentView['conflicts']> = [
  {
    level: 'warn',
    key: 'conflict.login-not-known',
    values: { agent: 'OpenCode', used: 'ANTHROPIC_API_KEY ••••••••4f2a' },
  },
  {
    level: 'info',
    key: 'conflict.exported',
    values: { exported: 'ANTHROPIC_API_KEY', used: 'ANTHROPIC_API_KEY ••••••••4f2a' },
  },
];

/** A credential that its provider refuses. */
export const refusedToken = (provider: string) =>
  ({
    state: 'not-ready',
    error: {
      code: 'BYOK_CREDENTIAL_INVALID',
      values: { provider, providerId: provider.toLowerCase(), variable: `${provider.toUpperCase()}_API_KEY` },
      details: { credentialId: uuid(1) },
    },
  }) as const;

export const AGENTS: readonly AgentView[] = [
  agent({
    agentId: 'demo',
    name: 'Demo agent',
    description: 'Answers without any account, to show how Perch works.',
    demo: true,
    installation: { state: 'found', path: '/opt/perch/dist/demo-agent.mjs', version: '0.1.0', source: 'built-in' },
    providerIds: [],
    modes: ['byo'],
    permissionModes: ['plan', 'ask', 'execute'],
    takesInstructions: true,
    effective: { mode: 'byo', model: '' },
  }),
  agent({
    agentId: 'opencode',
    name: 'OpenCode',
    description: 'An open agent for the terminal, with any provider.',
    homepage: 'https://opencode.ai/',
    installation: {
      state: 'found',
      path: '/usr/local/lib/node_modules/opencode-ai/bin/opencode',
      version: '1.18.32',
      source: 'path',
    },
    providerIds: ['anthropic', 'openai', 'openrouter'],
    effective: { mode: 'byo', providerId: 'anthropic', model: 'anthropic/claude-sonnet-5' },
    settings: { auth: { mode: 'byo', model: 'anthropic/claude-sonnet-5' }, sandbox: 'on' },
  }),
  agent({
    agentId: 'codex',
    name: 'Codex',
    providerIds: ['openai'],
    effective: { mode: 'byo', providerId: 'openai', model: '' },
    readiness: missingToken('Codex', 'OpenAI', 'OPENAI_API_KEY'),
  }),
  agent({
    agentId: 'claude-code',
    name: 'Claude Code',
    showsCredentialToTools: true,
    installation: { state: 'missing', installCommand: 'npm install --global @anthropic-ai/claude-code' },
    readiness: {
      state: 'not-ready',
      error: {
        code: 'AGENT_NOT_INSTALLED',
        values: { agent: 'Claude Code', installCommand: 'npm install --global @anthropic-ai/claude-code' },
      },
    },
  }),
  agent({
    agentId: 'gemini',
    name: 'Gemini CLI',
    installation: { state: 'checking' },
    readiness: { state: 'checking' },
    providerIds: ['google'],
  }),
  agent({
    agentId: 'goose',
    name: 'goose',
    installation: { state: 'could-not-check', reason: 'the login shell did not answer within 5 s' },
    readiness: {
      state: 'not-ready',
      error: {
        code: 'AGENT_COULD_NOT_CHECK',
        values: { agent: 'goose', reason: 'the login shell did not answer within 5 s' },
      },
    },
  }),
];

export const PROVIDERS: readonly ProviderView[] = [
  {
    providerId: 'anthropic',
    name: 'Anthropic',
    credentialAlternatives: [['ANTHROPIC_API_KEY'], ['CLAUDE_CODE_OAUTH_TOKEN']],
    credentialRequired: true,
    defaultVariable: 'ANTHROPIC_API_KEY',
    variables: [
      { name: 'ANTHROPIC_API_KEY', kind: 'api-key' },
      { name: 'CLAUDE_CODE_OAUTH_TOKEN', kind: 'oauth-token', policy: 'anthropic-subscription' },
    ],
    keyPage: 'https://console.anthropic.com/settings/keys',
    keyShapes: [
      { pattern: '^sk-ant-api\\d{2}-.{80,}', prefix: 'sk-ant-api', kind: 'api-key', minLength: 90 },
      { pattern: '^sk-ant-oat\\d{2}-', prefix: 'sk-ant-oat', kind: 'oauth-token' },
    ],
    baseUrl: 'https://api.anthropic.com',
    baseUrlSource: 'registry',
    models: ['claude-sonnet-5', 'claude-opus-5'],
  },
  {
    providerId: 'openai',
    name: 'OpenAI',
    credentialAlternatives: [['OPENAI_API_KEY']],
    credentialRequired: true,
    defaultVariable: 'OPENAI_API_KEY',
    keyPage: 'https://platform.openai.com/api-keys',
    keyShapes: [{ pattern: '^sk-proj-', prefix: 'sk-proj-', kind: 'api-key' }],
    baseUrl: 'http://127.0.0.1:8123/v1',
    baseUrlSource: 'user',
    models: ['gpt-6', 'gpt-6-codex'],
  },
  {
    providerId: 'openrouter',
    login: { flow: 'browser', variable: 'OPENROUTER_API_KEY', takesClientId: false, hasClientId: true },
    name: 'OpenRouter',
    credentialAlternatives: [['OPENROUTER_API_KEY']],
    credentialRequired: true,
    defaultVariable: 'OPENROUTER_API_KEY',
    keyShapes: [{ pattern: '^sk-or-v1-', prefix: 'sk-or-v1-', kind: 'api-key' }],
    baseUrl: 'https://openrouter.ai/api/v1',
    baseUrlSource: 'registry',
    models: [],
  },
  {
    providerId: 'ollama',
    name: 'Ollama',
    credentialAlternatives: [],
    credentialRequired: false,
    keyShapes: [],
    baseUrl: 'http://127.0.0.1:11434',
    baseUrlSource: 'registry',
    models: [],
  },
];

const credential = (number: number, patch: Partial<CredentialView>): CredentialView => ({
  credentialId: uuid(900 + number),
  providerId: 'anthropic',
  variable: 'ANTHROPIC_API_KEY',
  scope: { kind: 'global' },
  storage: 'keychain',
  masked: '••••••••3fQA',
  createdAt: NOW - 90 * MINUTE,
  updatedAt: NOW - 90 * MINUTE,
  status: 'ok',
  ...patch,
});

export const CREDENTIALS: readonly CredentialView[] = [
  credential(1, {}),
  credential(2, { scope: { kind: 'project', projectDir: '/home/ada/code/perch' }, masked: '••••••••9x_Z' }),
  credential(3, { scope: { kind: 'agent', agentId: 'opencode' }, storage: 'session-only', masked: '••••••••' }),
  credential(4, { providerId: 'openai', variable: 'OPENAI_API_KEY', status: 'unreadable', masked: '••••••••a0b1' }),
];

const RENEWS = { expiresAt: NOW + 40 * MINUTE, renewal: { state: 'ok' } } as const;
const OF_KEY = { variable: 'OPENAI_API_KEY', providerId: 'openai' };

export const ENDING_CREDENTIALS: readonly CredentialView[] = [
  credential(1, { ...RENEWS }),
  credential(2, { scope: { kind: 'agent', agentId: 'opencode' }, status: 'expired', expiresAt: NOW - 3 * MINUTE }),
  credential(4, {
    ...OF_KEY,
    ...RENEWS,
    renewal: {
      state: 'failed',
      error: { code: 'RENEWAL_FAILED', values: { ...OF_KEY, reason: 'ECONNREFUSED' } },
      nextTryAt: NOW + MINUTE,
    },
  }),
  credential(5, {
    ...OF_KEY,
    ...RENEWS,
    account: 'work',
    renewal: { state: 'failed', error: { code: 'RENEWAL_REFUSED', values: OF_KEY } },
  }),
];

/** Newest first. */
export function historyOf(): CredentialEvent[] {
  const [global, project, ofAgent, openai] = CREDENTIALS;
  if (!global || !project || !ofAgent || !openai) return [];
  const use = (number: number, agentId: string) => ({ agentId, sessionId: uuid(500 + number), turnId: uuid(number) });
  const facts = (credential: CredentialView, eventId: number) => {
    const { credentialId, providerId, variable, scope, storage, masked } = credential;
    const at = NOW - (8 - eventId) ** 3 * 7 * MINUTE;
    return { eventId, at, credentialId, providerId, variable, scope, storage, masked };
  };
  return [
    { kind: 'rejected', ...facts(project, 7), ...use(1, 'opencode') },
    { kind: 'used', ...facts(project, 6), ...use(1, 'opencode') },
    { kind: 'stored', ...facts(ofAgent, 5) },
    { kind: 'replaced', ...facts(project, 4) },
    { kind: 'deleted', ...facts(openai, 3) },
    { kind: 'used', ...facts(global, 2), ...use(4, 'opencode') },
    { kind: 'stored', ...facts(global, 1) },
  ];
}

const ENFORCED = { state: 'enforced', backend: 'bubblewrap', network: 'shared' } as const;

const FAILURE: Failure = {
  error: { code: 'AGENT_AUTHENTICATION_FAILED', values: {} },
  reported: 'Unexpected status 401 Unauthorized: Incorrect API key provided: sk-pr••••3fQA.',
  exitCode: 1,
  log: { log: `session:${uuid(501)}`, segment: 1, offset: 4210 },
  lastLines: [
    { time: '2026-11-22T11:58:01.120Z', level: 'info', source: 'acp', message: 'session/prompt' },
    { time: '2026-11-22T11:58:02.004Z', level: 'warn', source: 'agent.stderr', message: 'retrying 1/5 after 401' },
    {
      time: '2026-11-22T11:58:04.871Z',
      level: 'error',
      source: 'agent.stderr',
      message: 'error: Unexpected status 401 Unauthorized',
      cause: true,
    },
  ],
};

export const RUNNER_FAILURE: Failure = {
  error: { code: 'RUNNER_CRASHED', values: {} },
  signal: 'SIGKILL',
  log: { log: 'runner', segment: 2, offset: 900 },
  lastLines: [],
};

/** Everything there is of a failure, and more of it than fits. */
export const LONG_FAILURE: Failure = {
  ...RUNNER_FAILURE,
  error: { code: 'RUNNER_START_TIMEOUT', values: { seconds: 10 } },
  reported: `Cannot find module '/opt/perch/dist/${'deep/'.repeat(30)}runner.mjs'`.repeat(6),
  exitCode: 134,
  lastLines: Array.from({ length: 20 }, (_, at) => ({
    time: '2026-11-22T11:58:01.120Z',
    level: 'error',
    source: 'runner.stderr',
    message: `at start (file:///opt/perch/dist/runner.mjs:${at}) ${'and so on '.repeat(15)}`,
  })),
};

export function turn(number: number, patch: Partial<TurnSummary>): TurnSummary {
  return {
    turnId: uuid(number),
    sessionId: uuid(500 + number),
    agentId: 'opencode',
    providerId: 'anthropic',
    model: 'anthropic/claude-sonnet-5',
    projectDir: '/home/ada/code/perch',
    promptPreview: 'Explain what the supervisor does when the runner stops answering',
    status: 'completed',
    acceptedAt: NOW - number * 7 * MINUTE,
    endedAt: NOW - number * 7 * MINUTE + 42_000,
    lastSeq: 12,
    sandbox: ENFORCED,
    ...patch,
  };
}

export const running = (number: number, status: TurnSummary['status'], promptPreview: string): TurnSummary => {
  const { endedAt: _, ...rest } = turn(number, { status, promptPreview });
  return rest;
};

export const REFUSED: AppState['egress'] = {
  allowed: [
    {
      scope: { kind: 'project', projectDir: '/home/ada/code/perch' },
      host: '*.example.org',
      port: 443,
      allowedAt: NOW - MINUTE,
    },
    { scope: { kind: 'agent', agentId: 'codex' }, host: 'pypi.org', port: 443, allowedAt: NOW - MINUTE },
  ],
  refused: [
    'packages.example.org',
    'files.pythonhosted.org',
    'a-name.with.many.labels.in.it.example.com',
    'x.test',
  ].map((host) => ({
    agentId: 'opencode',
    projectDir: '/home/ada/code/perch',
    sessionId: uuid(1),
    turnId: uuid(2),
    host,
    port: 443,
    reason: 'not-allowed' as const,
    at: NOW - MINUTE,
  })),
};

const TURNS: readonly TurnSummary[] = [
  turn(1, { status: 'failed', promptPreview: 'Add a test for the crash-loop breaker', failure: FAILURE }),
  running(2, 'running', 'Rename the port and update every caller'),
  running(3, 'waiting-for-permission', 'Run the migrations on a copy of the database'),
  turn(4, { changes: { files: 3, undone: false } }),
  turn(5, { status: 'cancelled', promptPreview: 'Summarise the change log', agentId: 'demo', model: '' }),
  turn(6, {
    status: 'lost',
    promptPreview: 'Tidy up the fixtures',
    failure: { error: { code: 'TURN_LOST', values: {} }, lastLines: [] },
  }),
  turn(7, {
    promptPreview:
      'A very long prompt that goes on and on about every single detail of the thing that it wants to have done, far beyond the width of any window',
    acceptedAt: NOW - 26 * 60 * MINUTE,
  }),
];

export const STALE: StaleSession[] = [
  {
    sessionId: uuid(501),
    agentId: 'codex',
    projectDir: '/home/ada/perch',
    turnId: uuid(1),
    credential: {
      credentialId: uuid(300),
      providerId: 'openai',
      variable: 'OPENAI_API_KEY',
      scope: { kind: 'global' },
      masked: '••••••••6789',
    },
    reason: 'replaced',
  },
];

export const STATE: AppState = {
  declaration: null,
  connection: { kind: 'connected', since: NOW - 60 * MINUTE },
  keychain: { state: 'available', store: 'Secret Service' },
  host: {
    kind: 'loopback',
    version: '0.1.0',
    platform: 'linux x64',
    dataDir: '/home/ada/.local/share/perch',
    scratchDir: '/home/ada/.local/share/perch/scratch',
    sandbox: { state: 'available', backend: 'bubblewrap', version: '0.11.0' },
    terminals: { state: 'unavailable', reason: 'node-pty could not be built: no C++ compiler' },
    canChooseFolder: true,
    canRevealFiles: true,
    canHoldOffSleep: true,
  },
  settings: {
    ...DEFAULT_SETTINGS,
    selectedAgentId: 'opencode',
    projectDir: '/home/ada/code/perch',
    locale: 'en',
  },
  agents: [...AGENTS],
  programs: { loginShell: { state: 'known' }, installs: [] },
  providers: [...PROVIDERS],
  credentials: [...CREDENTIALS],
  staleSessions: [],
  turns: [...TURNS],
  egress: { allowed: [], refused: [] },
  network: {},
  leaks: [],
  recovery: null,
  logins: [],
  variables: [],
  mcpServers: [],
  permissions: [],
  background: [],
  bootFailures: [],
  leaving: 'staying',
  recentProjects: [
    '/home/ada/code/perch',
    '/home/ada/code/website',
    '/srv/projects/customers/a-company-with-a-long-name/monorepo/packages/frontend',
  ],
};

const ANSWER = `The supervisor sends a **ping** every few seconds. When two stay unanswered it does three things:

1. It writes \`unresponsive\` into its timeline.
2. It ends the process *and its whole group*.
3. It starts a new one after a short wait.

### In code

\`\`\`ts
if (missed >= 2) {
  timeline.add({ kind: 'unresponsive' });
  process.kill();
}
\`\`\`

> A turn that was running is then *lost*: nobody knows how it ended.

See https://example.org/docs/supervisor for more.`;

export const accepted = (prompt: string): RunEvent => ({
  type: 'turn.accepted',
  agentId: 'opencode',
  providerId: 'anthropic',
  model: 'anthropic/claude-sonnet-5',
  projectDir: '/home/ada/code/perch',
  prompt,
});

export const started: RunEvent = {
  type: 'session.started',
  sessionId: uuid(501),
  agentName: 'OpenCode',
  agentVersion: '1.18.32',
  pid: 4242,
  sandbox: ENFORCED,
};

const read: RunEvent = {
  type: 'tool.call',
  toolCallId: 'a',
  title: 'Read electron/core/runner-host/supervisor.ts',
  toolKind: 'read',
  status: 'completed',
  content: [{ kind: 'text', text: 'export function createRunnerSupervisor() {\n  …\n}' }],
  locations: [{ path: '/home/ada/code/perch/electron/core/runner-host/supervisor.ts', line: 12 }],
};

const edit: RunEvent = {
  type: 'tool.call',
  toolCallId: 'b',
  title: 'Edit supervisor.ts',
  toolKind: 'edit',
  status: 'completed',
  content: [
    {
      kind: 'diff',
      path: 'electron/core/runner-host/supervisor.ts',
      oldText: 'const a = 1;\nconst limit = 3;\nconst b = 2;\n',
      newText: 'const a = 1;\n/** Unanswered pings. */\nconst limit = 2;\nconst b = 2;\n',
    },
  ],
  locations: [],
};

const asked: RunEvent = {
  type: 'permission.requested',
  requestId: 'r1',
  toolCallId: 'c',
  title: 'Run `npm run migrate -- --database copy.sqlite`',
  details: {
    content: [],
    locations: [],
    toolKind: 'execute',
    input: { command: 'npm run migrate -- --database copy.sqlite', cwd: '/home/ada/code/perch' },
  },
  options: [
    { optionId: 'once', name: 'Allow once', kind: 'allow_once' },
    { optionId: 'always', name: 'Always allow', kind: 'allow_always' },
    { optionId: 'no', name: 'Deny', kind: 'reject_once' },
  ],
};

const plan: RunEvent = {
  type: 'plan',
  entries: [
    { content: 'Read the supervisor', status: 'completed', priority: 'high' },
    { content: 'Change the limit', status: 'in_progress', priority: 'high' },
    { content: 'Run the tests', status: 'pending', priority: 'medium' },
  ],
};

const usage: RunEvent = {
  type: 'usage',
  inputTokens: 12_431,
  outputTokens: 812,
  contextUsed: 18_000,
  contextSize: 200_000,
  cost: { amount: 0.0421, currency: 'USD', of: 'turn' },
};

/** The events of each fixture turn, by its number. */
export const EVENTS: Readonly<Record<number, readonly RunEvent[]>> = {
  12: [
    accepted('Now do the same for the log reader'),
    {
      type: 'credential.awaited',
      error: {
        code: 'PROVIDER_UNDERIVABLE',
        values: { agent: 'OpenCode', agentId: 'opencode', choices: 'anthropic, openai' },
        details: { agentId: 'opencode', choices: ['anthropic', 'openai'] },
      },
    },
  ],
  8: [
    accepted('Now do the same for the log reader'),
    {
      type: 'credential.awaited',
      error: {
        code: 'MISSING_BYOK_CREDENTIAL',
        values: { agent: 'OpenCode', provider: 'Anthropic', providerId: 'anthropic', variables: 'ANTHROPIC_API_KEY' },
      },
    },
  ],
  9: [
    accepted('Now do the same for the log reader'),
    {
      type: 'credential.awaited',
      error: {
        code: 'MISSING_BYOK_CREDENTIAL',
        values: {
          agentId: 'claude-code',
          agent: 'Claude Code',
          provider: 'Anthropic',
          providerId: 'anthropic',
          variables: 'ANTHROPIC_API_KEY, ANTHROPIC_AUTH_TOKEN, CLAUDE_CODE_OAUTH_TOKEN',
        },
        details: { canSignIn: true },
      },
    },
  ],
  10: [
    accepted('Now do the same for the log reader'),
    {
      type: 'credential.awaited',
      error: {
        code: 'BYOK_CREDENTIAL_INVALID',
        values: {
          agentId: 'claude-code',
          agent: 'Claude Code',
          provider: 'Anthropic',
          providerId: 'anthropic',
          variable: 'ANTHROPIC_API_KEY',
        },
        details: { canSignIn: true, credentialId: uuid(901) },
      },
    },
  ],
  1: [
    accepted('Add a test for the crash-loop breaker'),
    started,
    { type: 'turn.ended', result: { outcome: 'failed', failure: FAILURE } },
  ],
  2: [
    accepted('Rename the port and update every caller'),
    started,
    { type: 'agent.thought', text: 'The port is called Clock.' },
    plan,
    read,
    { type: 'notice', level: 'warn', key: 'notice.host-refused', values: { host: 'packages.example.org', port: 443 } },
    { type: 'notice', level: 'warn', key: 'notice.host-refused-address', values: { host: 'intranet.test', port: 80 } },
    { type: 'agent.message', text: 'I found **four** callers. Changing the first' },
  ],
  3: [
    accepted('Run the migrations on a copy of the database'),
    started,
    { type: 'agent.message', text: 'I need to run one command for that.' },
    asked,
  ],
  4: [
    accepted('Explain what the supervisor does when the runner stops answering'),
    started,
    { type: 'notice', level: 'warn', key: 'turn.cancelled.note', values: {} },
    { type: 'notice', level: 'warn', key: 'notice.host-refused', values: { host: 'packages.example.org', port: 443 } },
    { type: 'notice', level: 'warn', key: 'notice.host-refused-address', values: { host: 'intranet.test', port: 80 } },
    { type: 'agent.thought', text: 'I should look at the file first.\nThen explain.' },
    plan,
    read,
    edit,
    {
      type: 'tool.call',
      toolCallId: 'd',
      title: 'npx vitest run electron/core/runner-host',
      toolKind: 'execute',
      status: 'failed',
      content: [{ kind: 'text', text: '1 failed | 12 passed' }],
      locations: [],
    },
    { type: 'agent.message', text: ANSWER },
    usage,
    { type: 'turn.ended', result: { outcome: 'completed', stopReason: 'end_turn' } },
  ],
  5: [
    accepted('Summarise the change log'),
    started,
    { type: 'agent.message', text: 'The change log says' },
    { type: 'turn.ended', result: { outcome: 'cancelled' } },
  ],
  6: [accepted('Tidy up the fixtures'), started],
};

export function logLines(): PositionedLogLine[] {
  const levels: readonly LogLevel[] = ['debug', 'info', 'info', 'warn'];
  const lines = Array.from({ length: 120 }, (_, index) => ({
    time: new Date(NOW - (120 - index) * 1000).toISOString(),
    level: levels[index % levels.length] ?? 'info',
    source: ['supervisor', 'acp', 'agent.stderr'][index % 3] ?? 'acp',
    message:
      index % 7 === 0
        ? `session/update ${JSON.stringify({ toolCallId: `call-${index}`, status: 'in_progress', title: 'Read a file with a rather long name' })}`
        : `line ${index} of the log`,
    position: { log: 'runner' as const, segment: 1, offset: index * 100 },
  }));
  const failing = lines[80];
  if (failing) lines[80] = { ...failing, level: 'error', message: 'runner exited with signal SIGKILL' };
  return lines;
}
