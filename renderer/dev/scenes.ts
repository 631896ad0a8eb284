import type { AppState } from '../../shared/contract/state.ts';
import type { LoginPhase } from '../../shared/model/login.ts';
import type { Route } from '../context/route.ts';
import type { LinkState } from '../transport/transport.ts';
import { BACKGROUND_SESSIONS, BACKGROUND_TURNS } from './background-fixtures.ts';
import { DECLARATION, DECLARED, INVALID, OWN } from './declared-fixtures.ts';
import { FAILURE_TURNS } from './failure-fixtures.ts';
import {
  AGENTS,
  agent,
  CONFLICTS,
  ENDING_CREDENTIALS,
  LONG_FAILURE,
  NOW,
  REFUSED,
  RUNNER_FAILURE,
  refusedToken,
  running,
  STALE,
  STATE,
  uuid,
} from './fixtures.ts';
import { GUARDED_TURNS } from './guarded-fixtures.ts';
import { BROKEN_LOG, FAILED_LOG, LONG_LOG } from './log-answers.ts';
import { MCP_SERVERS, OFFERING } from './mcp-fixtures.ts';
import { BROKEN_CERTIFICATES, CORPORATE } from './network-answers.ts';
import { ASKING_TURNS } from './permission-fixtures.ts';
import { FOUND, installing, REFUSED_INSTALL, RUNNING, UPDATABLE } from './program-answers.ts';
import { TERMINAL_AGENT, TERMINAL_TURNS } from './terminal-fixtures.ts';
import { VARIABLES } from './variable-answers.ts';
import { NO_REPOSITORY } from './worktree-answers.ts';

interface Scene {
  readonly state: AppState | null;
  readonly link: LinkState;
  readonly route: Route;
}

const OPEN: LinkState = { kind: 'open' };
const waiting = (number: number) => ({
  ...running(number, 'waiting-for-credential', 'Now do the same for the log reader'),
  agentId: 'claude-code',
});
const choosing = (number: number) => ({ ...waiting(number), agentId: 'opencode' });
const UNSTARTABLE = {
  ...OWN,
  cannotStart: {
    code: 'AGENT_SCRIPT_HIDDEN',
    values: { agent: OWN.name, file: `/opt/agents/${'a-folder-with-a-long-name/'.repeat(3)}agent.mjs` },
  },
} satisfies AppState['agents'][number];
const SHARED_FOLDER = {
  settings: { ...STATE.settings, projectDir: '/home/ada/code/perch' },
  turns: [running(710, 'running', 'Sort the imports')],
};
const HOME: Route = { view: 'home' };
const TERMINAL: Partial<AppState> = { agents: [...AGENTS, TERMINAL_AGENT], turns: [...TERMINAL_TURNS] };
const FAILED = (locale: 'en' | 'de' | 'fr' = 'en'): Partial<AppState> => ({
  turns: [...FAILURE_TURNS],
  agents: [...AGENTS, CLAUDE],
  settings: { ...STATE.settings, locale },
});
const leaving = (number: number, locale: 'en' | 'de' | 'fr' = 'en'): Scene =>
  at(
    { view: 'session', turnId: uuid(number) },
    {
      turns: [...BACKGROUND_TURNS],
      background: [...BACKGROUND_SESSIONS],
      settings: { ...STATE.settings, locale },
    },
  );
const settingAside = (locale: 'en' | 'de' | 'fr' = 'en'): Scene =>
  at({ view: 'session', turnId: uuid(140) }, { turns: [...GUARDED_TURNS], settings: { ...STATE.settings, locale } });
const LOST: LinkState = { kind: 'lost', attempt: 3, nextTryAt: NOW + 4000, reason: '1006' };

const home = (patch: Partial<AppState>): Scene => ({ state: { ...STATE, ...patch }, link: OPEN, route: HOME });
const at = (route: Route, patch: Partial<AppState> = {}): Scene => ({
  state: { ...STATE, ...patch },
  link: OPEN,
  route,
});
const session = (number: number): Scene => at({ view: 'session', turnId: uuid(number) });
const failed = (number: number, locale?: 'de'): Scene => at({ view: 'session', turnId: uuid(number) }, FAILED(locale));
const settings = (page: Extract<Route, { view: 'settings' }>['page'], patch: Partial<AppState> = {}): Scene =>
  at({ view: 'settings', page }, patch);

const LOGIN: NonNullable<AppState['agents'][number]['ownLogin']> = {
  name: 'Claude',
  ways: [
    { wayId: 'own' },
    { wayId: 'token', prints: { providerId: 'anthropic', variable: 'CLAUDE_CODE_OAUTH_TOKEN' } },
  ],
  providers: [{ providerId: 'anthropic', login: { state: 'signed-in' } }],
  files: ['/home/ada/.local/share/perch/agents/claude-code/home/.claude/.credentials.json'],
};
const CLAUDE = agent({ agentId: 'claude-code', name: 'Claude Code', ownLogin: LOGIN });

const OWN_LOGIN: NonNullable<AppState['agents'][number]['ownLogin']> = {
  name: 'Claude',
  inTerminal: true,
  ways: LOGIN.ways,
  providers: [{ providerId: 'anthropic', login: { state: 'signed-out' } }],
  files: [],
};
const missing = (values: Record<string, string>, details: Record<string, unknown> = {}) =>
  ({ state: 'not-ready', error: { code: 'MISSING_BYOK_CREDENTIAL', values, details } }) as const;
const KEYS = 'ANTHROPIC_API_KEY, ANTHROPIC_AUTH_TOKEN, CLAUDE_CODE_OAUTH_TOKEN';
const OF_CLAUDE = { agentId: 'claude-code', agent: 'Claude Code', provider: 'Anthropic', providerId: 'anthropic' };
/** Installed, and nothing stored for any of them. */
const SUBSCRIBER: AppState['agents'] = [
  agent({
    agentId: 'claude-code',
    name: 'Claude Code',
    ownLogin: OWN_LOGIN,
    readiness: missing({ ...OF_CLAUDE, variables: KEYS }, { canSignIn: true }),
  }),
  agent({
    agentId: 'codex',
    name: 'Codex',
    providerIds: ['openai'],
    effective: { mode: 'byo', providerId: 'openai', model: '' },
    ownLogin: { ...OWN_LOGIN, name: 'ChatGPT', ways: [{ wayId: 'own' }, { wayId: 'device' }], inTerminal: undefined },
    readiness: missing(
      { agentId: 'codex', agent: 'Codex', provider: 'OpenAI', providerId: 'openai', variables: 'OPENAI_API_KEY' },
      { canSignIn: true },
    ),
  }),
  agent({
    agentId: 'opencode',
    name: 'OpenCode',
    providerIds: ['anthropic', 'openai', 'google', 'openrouter'],
    effective: { mode: 'byo', model: '' },
    ownLogin: { ...OWN_LOGIN, name: 'OpenCode', ways: [{ wayId: 'own' }], inTerminal: undefined },
    readiness: {
      state: 'not-ready',
      error: {
        code: 'PROVIDER_UNDERIVABLE',
        values: { agentId: 'opencode', agent: 'OpenCode', choices: 'anthropic, openai, google' },
        details: { choices: ['anthropic', 'openai', 'google'] },
      },
    },
  }),
  agent({
    agentId: 'goose',
    name: 'An agent with a really long name that a folder declares',
    readiness: missing({ ...OF_CLAUDE, agent: 'Goose', variables: KEYS }),
  }),
  agent({ agentId: 'gemini', name: 'Gemini CLI', readiness: refusedToken('Google') }),
];
const subscriber = (selectedAgentId: string, locale: 'en' | 'de' = 'en'): Partial<AppState> => ({
  agents: SUBSCRIBER,
  settings: { ...STATE.settings, selectedAgentId, locale },
  host: { ...STATE.host, terminals: { state: 'available' } },
  ...(selectedAgentId === 'opencode' ? {} : { connection: { kind: 'needs-sign-in', providerId: 'anthropic' } }),
});

const signIn = (providerId: string, phase: LoginPhase): Scene =>
  at(
    { view: 'settings', page: 'credentials', providerId },
    {
      logins: [
        {
          loginId: uuid(600),
          providerId,
          variable: 'OPENROUTER_API_KEY',
          scope: { kind: 'global' },
          storage: 'keychain',
          phase,
        },
      ],
    },
  );

const agentPage = (agentId: string, patch: Partial<AppState> = {}): Scene =>
  at({ view: 'settings', page: 'agents', agentId }, patch);
const opencodeWith = (change: Partial<AppState['agents'][number]>): AppState['agents'] =>
  AGENTS.map((one) => (one.agentId === 'opencode' ? { ...one, ...change } : one));
const MANAGED: Partial<AppState> = {
  agents: opencodeWith({
    webTools: ['webfetch', 'websearch'],
    effective: { mode: 'managed', providerId: 'anthropic', model: 'claude-sonnet-5' },
    settings: {
      auth: {
        mode: 'managed',
        gateway: { providerId: 'anthropic' },
        allowedModels: ['claude-sonnet-5', 'claude-haiku-4-5'],
      },
      sandbox: 'on',
    },
    readiness: {
      state: 'not-ready',
      error: { code: 'GATEWAY_NOT_BUILT', values: { agent: 'OpenCode', agentId: 'opencode', mode: 'managed' } },
    },
  }),
};
const CHANGED: Partial<AppState> = {
  agents: opencodeWith({
    showsCredentialToTools: true,
    settings: {
      auth: { mode: 'byo', model: 'z-ai/glm-5.3', providerId: 'openrouter' },
      accounts: { openrouter: 'work' },
      sandbox: 'off',
    },
    effective: { mode: 'byo', providerId: 'openrouter', model: 'z-ai/glm-5.3' },
  }),
  egress: {
    refused: [],
    allowed: [
      { scope: { kind: 'agent', agentId: 'opencode' }, host: '*.npmjs.org', port: 443, allowedAt: NOW },
      { scope: { kind: 'agent', agentId: 'codex' }, host: 'example.com', port: 443, allowedAt: NOW },
    ],
  },
};

/** Every state worth a look, by name. */
const ENDED: AppState['bootFailures'] = [60_000, 90_000].map((ago) => ({
  at: NOW - ago,
  host: 'electron',
  version: '0.1.0',
  pid: 4100,
  dataDir: STATE.host.dataDir,
  code: 'ERR_MODULE_NOT_FOUND',
  message: `Error: Cannot find package 'better-sqlite3' imported from /opt/perch/dist/main-program.mjs\n${'    at finalizeResolution (node:internal/modules/esm/resolve:275:11)\n'.repeat(12)}`,
}));

export const SCENES: Readonly<Record<string, Scene>> = {
  login: settings('agents', { agents: [CLAUDE], host: { ...STATE.host, terminals: { state: 'available' } } }),
  subscriber: home(subscriber('claude-code')),
  'subscriber-de': home(subscriber('claude-code', 'de')),
  'subscriber-no-login': home(subscriber('goose')),
  'subscriber-rejected': home(subscriber('gemini')),
  'provider-choice': home(subscriber('opencode')),
  'session-provider': at({ view: 'session', turnId: uuid(12) }, { ...subscriber('opencode'), turns: [choosing(12)] }),
  'agents-cannot-start': settings('agents', { agents: [UNSTARTABLE, ...AGENTS] }),
  'home-cannot-start': home({
    agents: [UNSTARTABLE, ...AGENTS],
    settings: { ...STATE.settings, selectedAgentId: UNSTARTABLE.agentId },
  }),
  'provider-choice-de': home(subscriber('opencode', 'de')),
  'sign-in': at({ view: 'sign-in', agentId: 'claude-code', back: '#/' }, subscriber('claude-code')),
  'sign-in-de': at({ view: 'sign-in', agentId: 'claude-code', back: '#/' }, subscriber('claude-code', 'de')),
  'import-login': settings('credentials', subscriber('claude-code')),
  'import-login-de': settings('credentials', subscriber('claude-code', 'de')),
  'session-sign-in': at({ view: 'session', turnId: uuid(9) }, { ...subscriber('claude-code'), turns: [waiting(9)] }),
  'session-sign-in-de': at(
    { view: 'session', turnId: uuid(9) },
    { ...subscriber('claude-code', 'de'), turns: [waiting(9)] },
  ),
  'login-off': settings('agents', {
    agents: [
      {
        ...CLAUDE,
        ownLogin: {
          ...LOGIN,
          files: [],
          providers: [{ providerId: 'anthropic', login: { state: 'could-not-check', reason: 'exit 1' } }],
        },
      },
    ],
    host: { ...STATE.host, terminals: { state: 'unavailable', reason: 'Cannot find module node-pty' } },
  }),
  'sign-in-browser': signIn('openrouter', {
    state: 'waiting-for-browser',
    url: 'https://openrouter.ai/auth?callback_url=http%3A%2F%2Flocalhost%3A47213%2Fcallback',
    expiresAt: NOW + 600_000,
  }),
  'sign-in-code': signIn('openrouter', {
    state: 'user-code',
    code: 'WDJB-MJHT',
    url: 'https://github.com/login/device',
    expiresAt: NOW + 900_000,
  }),
  'sign-in-failed': signIn('openrouter', {
    state: 'failed',
    error: {
      code: 'SIGN_IN_UNREACHABLE',
      values: { provider: 'OpenRouter', host: 'openrouter.ai', reason: 'ENOTFOUND' },
    },
  }),
  'sign-in-offered': at(
    { view: 'settings', page: 'credentials', providerId: 'openrouter' },
    {
      providers: STATE.providers.map((one) =>
        one.login ? { ...one, login: { ...one.login, flow: 'device', takesClientId: true, hasClientId: false } } : one,
      ),
    },
  ),
  home: home({}),
  'settings-stale': settings('credentials', { staleSessions: STALE }),
  'session-stale': at({ view: 'session', turnId: uuid(1) }, { staleSessions: STALE }),
  'home-empty': home({ turns: [], settings: { ...STATE.settings, selectedAgentId: 'demo' } }),
  'home-starting': home({ connection: { kind: 'starting' } }),
  'home-reconnecting': home({
    connection: { kind: 'reconnecting', attempt: 2, nextTryAt: NOW + 3000, failure: RUNNER_FAILURE },
  }),
  'home-failed': home({
    connection: {
      kind: 'failed',
      crashLoop: true,
      failure: { ...RUNNER_FAILURE, error: { code: 'RUNNER_CRASH_LOOP', values: { count: 5 } } },
    },
  }),
  'home-failed-long': home({ connection: { kind: 'failed', crashLoop: false, failure: LONG_FAILURE } }),
  'home-leaving': home({ leaving: 'after-turns' }),
  'home-stopped': home({ connection: { kind: 'stopped' } }),
  'home-signed-out': home({
    connection: { kind: 'needs-sign-in', providerId: 'openai' },
    settings: { ...STATE.settings, selectedAgentId: 'codex' },
  }),
  'home-refused': home({
    connection: { kind: 'needs-sign-in', providerId: 'openai' },
    agents: AGENTS.map((one) => (one.agentId === 'codex' ? { ...one, readiness: refusedToken('OpenAI') } : one)),
    settings: { ...STATE.settings, selectedAgentId: 'codex' },
  }),
  'home-conflicts': home({
    agents: AGENTS.map((one) => (one.agentId === 'opencode' ? { ...one, conflicts: CONFLICTS } : one)),
  }),
  'home-missing': home({ settings: { ...STATE.settings, selectedAgentId: 'claude-code' } }),
  'home-waiting': home({
    permissions: [
      {
        turnId: uuid(3),
        agentId: 'opencode',
        requestId: 'r1',
        title: 'Run `npm run migrate`',
        options: [{ optionId: 'a', name: 'Allow', kind: 'allow_once' }],
        excerpt: { text: 'npm run migrate -- --database copy.sqlite\nrm -rf ~/\\u202ebackup', moreChars: 412 },
      },
    ],
    keychain: { state: 'locked' },
  }),
  'home-leak': home({
    leaks: [
      {
        variable: 'OPENAI_API_KEY',
        where: 'output',
        agentId: 'opencode',
        providerId: 'openai',
        sessionId: uuid(1),
        turnId: uuid(2),
        at: NOW,
      },
    ],
  }),
  'home-recovery': home({
    recovery: {
      at: NOW,
      movedTo: '/home/ada/.local/share/perch/perch.db.damaged-2026-11-22T12-00-00Z',
      areas: [
        { area: 'conversations', state: 'partly', kept: 41 },
        { area: 'credentials', state: 'nothing', kept: 0 },
        { area: 'variables', state: 'whole', kept: 3 },
        { area: 'settings', state: 'whole', kept: 5 },
      ],
    },
  }),
  'home-claude': home({ settings: { ...STATE.settings, selectedAgentId: 'claude-code' } }),
  'home-untrusted': home({ declaration: { ...DECLARATION, state: 'untrusted' } }),
  'home-changed': home({
    declaration: { ...DECLARATION, state: 'changed', news: ['reviewer: node tools/agent.mjs --write'] },
  }),
  'home-declaration-invalid': home({ declaration: INVALID }),
  'home-declared': home({
    declaration: DECLARATION,
    agents: [DECLARED, ...AGENTS],
    settings: { ...STATE.settings, selectedAgentId: DECLARED.agentId },
  }),
  'agents-declared': settings('agents', {
    declaration: DECLARATION,
    agents: [DECLARED, OWN],
  }),
  'home-hosts-refused': home({ egress: REFUSED }),
  'home-sandbox-off': home({
    agents: AGENTS.map((one) =>
      one.agentId === 'opencode' ? { ...one, settings: { ...one.settings, sandbox: 'off' as const } } : one,
    ),
  }),
  'home-long': home({
    agents: [
      agent({
        agentId: 'opencode',
        name: 'An agent with a really long name that somebody declared',
        settings: {
          auth: {
            mode: 'byo',
            model: 'accounts/some-company/models/a-model-with-a-very-long-identifier-2026-11-22',
          },
          sandbox: 'on',
        },
      }),
    ],
    settings: {
      ...STATE.settings,
      projectDir: '/srv/projects/customers/a-company-with-a-long-name/monorepo/packages/frontend',
    },
  }),
  'home-link-lost': { ...home({}), link: LOST },
  'no-core': { state: null, link: LOST, route: HOME },
  'session-done': session(4),
  'session-failed': session(1),
  'failure-rate-limit': failed(131),
  'failure-rate-limit-de': failed(131, 'de'),
  'failure-no-credit': failed(132),
  'failure-no-credit-de': failed(132, 'de'),
  'failure-overloaded': failed(133),
  'failure-overloaded-de': failed(133, 'de'),
  'failure-refused': failed(134),
  'failure-refused-de': failed(134, 'de'),
  'failure-script': failed(135),
  'failure-script-de': failed(135, 'de'),
  'failure-context': failed(136),
  'failure-context-de': failed(136, 'de'),
  'failure-model': failed(137),
  'failure-model-de': failed(137, 'de'),
  'session-running': session(2),
  'session-permission': session(3),
  ...Object.fromEntries(
    ASKING_TURNS.flatMap(({ name, turn }) =>
      (['en', 'de'] as const).map((locale) => [
        `ask-${name}${locale === 'en' ? '' : `-${locale}`}`,
        at({ view: 'session', turnId: turn.turnId }, { turns: [turn], settings: { ...STATE.settings, locale } }),
      ]),
    ),
  ),
  'session-credential': at(
    { view: 'session', turnId: uuid(8) },
    { turns: [running(8, 'waiting-for-credential', 'Now do the same for the log reader')] },
  ),
  ...Object.fromEntries(
    (['en', 'de', 'fr'] as const).map((locale) => [
      `session-credential-refused${locale === 'en' ? '' : `-${locale}`}`,
      at(
        { view: 'session', turnId: uuid(10) },
        {
          turns: [running(10, 'waiting-for-credential', 'Now do the same for the log reader')],
          settings: { ...STATE.settings, locale },
        },
      ),
    ]),
  ),
  'session-background-paused': leaving(30),
  'session-background-running': leaving(31),
  'session-background-past': leaving(32),
  'session-background-paused-de': leaving(30, 'de'),
  'session-background-running-de': leaving(31, 'de'),
  'session-background-running-fr': leaving(31, 'fr'),
  'session-set-aside': settingAside(),
  'session-set-aside-de': settingAside('de'),
  'session-set-aside-fr': settingAside('fr'),
  'session-lost': session(6),
  'session-terminal': at({ view: 'session', turnId: uuid(20) }, TERMINAL),
  'session-terminal-done': at({ view: 'session', turnId: uuid(21) }, TERMINAL),
  'home-terminal': home({ ...TERMINAL, settings: { ...STATE.settings, selectedAgentId: 'aider' } }),
  'agent-terminal': agentPage('aider', TERMINAL),
  'session-unknown': session(77),
  credentials: settings('credentials'),
  'credentials-de': settings('credentials', { settings: { ...STATE.settings, locale: 'de' } }),
  'credentials-ending': settings('credentials', { credentials: [...ENDING_CREDENTIALS] }),
  'credentials-no-collection': settings('credentials', { keychain: { state: 'no-collection' } }),
  'credentials-no-collection-de': settings('credentials', {
    keychain: { state: 'no-collection' },
    settings: { ...STATE.settings, locale: 'de' },
  }),
  'credentials-no-keychain': settings('credentials', { keychain: { state: 'absent' }, credentials: [] }),
  environment: settings('environment', { variables: [...VARIABLES] }),
  'environment-agent': at(
    { view: 'settings', page: 'environment', agentId: 'opencode' },
    { variables: [...VARIABLES], staleSessions: STALE },
  ),
  'environment-empty': settings('environment', { keychain: { state: 'locked' } }),
  'environment-de': settings('environment', {
    variables: [...VARIABLES],
    settings: { ...STATE.settings, locale: 'de' },
  }),
  'environment-fr': settings('environment', {
    variables: [...VARIABLES],
    settings: { ...STATE.settings, locale: 'fr' },
  }),
  'credentials-accounts': settings('credentials', {
    agents: [...AGENTS, CLAUDE],
    credentials: [
      ...STATE.credentials,
      ...STATE.credentials.slice(0, 1).map((one) => ({ ...one, credentialId: uuid(990), account: 'work' })),
    ],
  }),
  'credentials-accounts-de': settings('credentials', {
    agents: [...AGENTS, CLAUDE],
    settings: { ...STATE.settings, locale: 'de' },
  }),
  'general-fr': settings('general', { settings: { ...STATE.settings, locale: 'fr' } }),
  providers: settings('providers'),
  agents: settings('agents'),
  agent: agentPage('opencode'),
  'agent-changed': agentPage('opencode', CHANGED),
  'agent-changed-de': agentPage('opencode', { ...CHANGED, settings: { ...STATE.settings, locale: 'de' } }),
  'agent-managed': agentPage('opencode', MANAGED),
  'agent-demo': agentPage('demo'),
  'agents-secrets': settings('agents', {
    agents: AGENTS.map((one) => ({ ...one, settings: { ...one.settings, secretFiles: 'shown' as const } })),
  }),
  'home-install': home({ ...installing(), settings: { ...STATE.settings, selectedAgentId: 'claude-code' } }),
  'home-installing': home({ ...installing(RUNNING), settings: { ...STATE.settings, selectedAgentId: 'claude-code' } }),
  'home-install-failed': home({
    ...installing(REFUSED_INSTALL),
    settings: { ...STATE.settings, selectedAgentId: 'claude-code' },
  }),
  'agents-install': at({ view: 'settings', page: 'agents', agentId: 'claude-code' }, installing()),
  'agents-installing': at({ view: 'settings', page: 'agents', agentId: 'claude-code' }, installing(RUNNING)),
  'agents-install-failed': at(
    { view: 'settings', page: 'agents', agentId: 'claude-code' },
    installing(REFUSED_INSTALL),
  ),
  'agents-install-update': settings('agents', UPDATABLE),
  'agents-found': settings('agents', FOUND),
  'agents-found-de': settings('agents', { ...FOUND, settings: { ...STATE.settings, locale: 'de' } }),
  network: settings('network', { egress: REFUSED }),
  'network-empty': settings('network'),
  mcp: settings('mcp', { mcpServers: MCP_SERVERS }),
  'mcp-empty': settings('mcp'),
  'mcp-offered': settings('mcp', { settings: { ...STATE.settings, projectDir: OFFERING } }),
  'mcp-de': settings('mcp', { mcpServers: MCP_SERVERS, settings: { ...STATE.settings, locale: 'de' } }),
  'network-de': settings('network', { egress: REFUSED, settings: { ...STATE.settings, locale: 'de' } }),
  'network-corporate': settings('network', { network: CORPORATE }),
  'network-corporate-fr': settings('network', { network: CORPORATE, settings: { ...STATE.settings, locale: 'fr' } }),
  'network-broken': settings('network', { network: BROKEN_CERTIFICATES }),
  runner: settings('runner'),
  general: settings('general'),
  log: at({ view: 'log', log: 'runner', position: { log: 'runner', segment: 1, offset: 8000 } }),
  'home-shared-folder': home(SHARED_FOLDER),
  'home-shared-folder-de': home({ ...SHARED_FOLDER, settings: { ...SHARED_FOLDER.settings, locale: 'de' } }),
  'home-shared-folder-no-git': home({
    ...SHARED_FOLDER,
    settings: { ...STATE.settings, projectDir: NO_REPOSITORY },
    turns: [{ ...running(710, 'running', 'Sort the notes'), projectDir: NO_REPOSITORY }],
  }),
  'home-ended': home({ bootFailures: ENDED }),
  'home-ended-fr': home({ bootFailures: ENDED, settings: { ...STATE.settings, locale: 'fr' } }),
  'runner-de': settings('runner', { settings: { ...STATE.settings, locale: 'de' } }),
  'log-failed': at({
    view: 'log',
    log: FAILED_LOG,
    position: { log: FAILED_LOG, segment: 1, offset: 700 },
    turnId: uuid(1),
  }),
  'log-empty': at({ view: 'log', log: 'core' }),
  'log-broken': at({ view: 'log', log: BROKEN_LOG, position: { log: BROKEN_LOG, segment: 1, offset: 0 } }),
  'log-long': at({ view: 'log', log: LONG_LOG, position: { log: LONG_LOG, segment: 2, offset: 400_000 } }),
  'log-end': at({ view: 'log', log: LONG_LOG }),
  'log-de': at(
    { view: 'log', log: 'runner', position: { log: 'runner', segment: 1, offset: 8000 } },
    { settings: { ...STATE.settings, locale: 'de' }, host: { ...STATE.host, canRevealFiles: true } },
  ),
  'home-de': home({
    settings: { ...STATE.settings, locale: 'de' },
    connection: { kind: 'reconnecting', attempt: 2, nextTryAt: NOW + 3000, failure: RUNNER_FAILURE },
  }),
  'credentials-fr': settings('credentials', { settings: { ...STATE.settings, locale: 'fr' } }),
};
