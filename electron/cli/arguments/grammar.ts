/** The names of the command line. They stay: scripts depend on them. */
export const OPTIONS = {
  account: { type: 'string', shows: 'NAME' },
  agent: { type: 'string', shows: 'ID' },
  agents: { type: 'boolean' },
  anyway: { type: 'boolean' },
  as: { type: 'string', shows: 'ID' },
  base: { type: 'string', shows: 'ID' },
  'base-url': { type: 'string', shows: 'URL' },
  changed: { type: 'boolean' },
  description: { type: 'string', shows: 'TEXT' },
  env: { type: 'string', shows: 'NAME=VALUE', many: true },
  except: { type: 'string', shows: 'HOST', many: true },
  everything: { type: 'boolean' },
  failure: { type: 'boolean' },
  follow: { type: 'boolean' },
  grep: { type: 'string', shows: 'TEXT' },
  header: { type: 'string', shows: "'NAME: VALUE'", many: true },
  help: { type: 'boolean' },
  host: { type: 'string', shows: 'HOST[:PORT]', many: true },
  json: { type: 'boolean' },
  level: { type: 'string', shows: 'debug|info|warn|error' },
  lines: { type: 'string', shows: 'N' },
  list: { type: 'boolean' },
  'login-client-id': { type: 'string', shows: 'ID' },
  mode: { type: 'string', shows: 'plan|ask|execute' },
  model: { type: 'string', shows: 'M' },
  name: { type: 'string', shows: 'NAME' },
  origin: { type: 'string', shows: 'ORIGIN', many: true },
  output: { type: 'string', shows: 'FILE' },
  permissions: { type: 'string', shows: 'ask|allow|deny' },
  port: { type: 'string', shows: 'N' },
  project: { type: 'string', shows: 'DIR' },
  provider: { type: 'string', shows: 'ID' },
  read: { type: 'string', shows: 'DIR', many: true },
  expires: { type: 'string', shows: 'DATE' },
  redo: { type: 'boolean' },
  reveal: { type: 'boolean' },
  scope: { type: 'string', shows: 'global|project[:DIR]|agent:ID' },
  secret: { type: 'boolean' },
  seen: { type: 'string', shows: 'NUMBER' },
  'session-only': { type: 'boolean' },
  shell: { type: 'boolean' },
  since: { type: 'string', shows: 'WHEN' },
  sse: { type: 'boolean' },
  terminal: { type: 'boolean' },
  turn: { type: 'string', shows: 'TURN' },
  url: { type: 'string', shows: 'URL' },
  user: { type: 'string', shows: 'NAME' },
  variable: { type: 'string', shows: 'NAME' },
  version: { type: 'boolean' },
  wait: { type: 'boolean' },
  way: { type: 'string', shows: 'own|device|token' },
  with: { type: 'string', shows: 'PART,…' },
  without: { type: 'string', shows: 'PART,…' },
  worktree: { type: 'boolean' },
  yes: { type: 'boolean' },
} as const;
export type OptionName = keyof typeof OPTIONS;

interface Syntax {
  /** The words after `perch`, as typed. */
  readonly words: readonly string[];
  /** The operands that follow the words, as help shows them. */
  readonly operands: string;
  /** At least and at most how many operands. */
  readonly takes: readonly [number, number];
  readonly needs: readonly OptionName[];
  readonly options: readonly OptionName[];
}

function syntax(words: string, rest: Partial<Omit<Syntax, 'words'>> = {}): Syntax {
  return { words: words.split(' '), operands: '', takes: [0, 0], needs: [], options: ['json'], ...rest };
}

/** Every command, in the order of the help. Longer words come first where one begins with another. */
export const COMMANDS = {
  run: syntax('run', {
    operands: '[PROMPT]',
    takes: [0, 1],
    needs: ['agent'],
    options: ['agent', 'model', 'mode', 'project', 'worktree', 'permissions', 'wait', 'json'],
  }),
  undo: syntax('undo', {
    operands: '[TURN]',
    takes: [0, 1],
    options: ['project', 'redo', 'changed', 'yes', 'json'],
  }),
  backgroundList: syntax('background list'),
  backgroundStop: syntax('background stop', { operands: 'PROCESS', takes: [1, 1] }),
  backgroundKeep: syntax('background keep', { operands: 'PROCESS', takes: [1, 1] }),
  backgroundPause: syntax('background pause', { operands: 'PROCESS', takes: [1, 1] }),
  asideShow: syntax('aside show', { operands: 'PATH', takes: [1, 1], options: ['project', 'turn', 'json'] }),
  asidePutBack: syntax('aside put-back', {
    operands: 'PATH',
    takes: [1, 1],
    options: ['project', 'turn', 'seen', 'json'],
  }),
  asideKeep: syntax('aside keep', { operands: 'PATH', takes: [1, 1], options: ['project', 'turn', 'json'] }),
  asideMine: syntax('aside mine', { operands: 'PATH', takes: [1, 1], options: ['project', 'turn', 'json'] }),
  asideSet: syntax('aside set', { operands: 'PATH', takes: [1, 1], options: ['project', 'turn', 'json'] }),
  aside: syntax('aside', { operands: '[TURN]', takes: [0, 1], options: ['project', 'json'] }),
  agentsList: syntax('agents list'),
  agentsShow: syntax('agents show', { operands: 'ID', takes: [1, 1] }),
  agentsAdd: syntax('agents add', {
    operands: 'ID [-- COMMAND…]',
    takes: [1, Number.POSITIVE_INFINITY],
    options: ['base', 'terminal', 'name', 'description', 'provider', 'model', 'env', 'anyway', 'json'],
  }),
  agentsRemove: syntax('agents remove', { operands: 'ID', takes: [1, 1], options: ['yes', 'json'] }),
  agentsInstall: syntax('agents install', {
    operands: 'ID[@VERSION]',
    takes: [1, 1],
    options: ['provider', 'json'],
  }),
  agentsRegistry: syntax('agents registry'),
  agentsRefresh: syntax('agents refresh'),
  agentsUninstall: syntax('agents uninstall', { operands: 'ID', takes: [1, 1], options: ['yes', 'json'] }),
  agentsImport: syntax('agents import', {
    operands: 'REPOSITORY',
    takes: [1, 1],
    options: ['as', 'yes', 'json'],
  }),
  agentsReset: syntax('agents reset', { operands: 'ID', takes: [1, 1], options: ['yes', 'json'] }),
  agentsLogin: syntax('agents login', {
    operands: 'ID',
    takes: [1, 1],
    options: ['way', 'scope', 'session-only', 'json'],
  }),
  agentsLogout: syntax('agents logout', { operands: 'ID', takes: [1, 1] }),
  agentsModels: syntax('agents models', { operands: 'ID', takes: [1, 1], options: ['project', 'json'] }),
  agentsSettingsSet: syntax('agents settings set', {
    operands: 'ID NAME=VALUE…',
    takes: [2, Number.POSITIVE_INFINITY],
  }),
  agentsSettingsReset: syntax('agents settings reset', {
    operands: 'ID [NAME…]',
    takes: [1, Number.POSITIVE_INFINITY],
    options: ['yes', 'json'],
  }),
  agentsSettings: syntax('agents settings', { operands: 'ID', takes: [1, 1] }),
  agents: syntax('agents'),
  credentialsSet: syntax('credentials set', {
    operands: 'PROVIDER',
    takes: [1, 1],
    options: ['scope', 'variable', 'account', 'expires', 'session-only', 'json'],
  }),
  credentialsLogin: syntax('credentials login', {
    operands: 'PROVIDER',
    takes: [1, 1],
    options: ['scope', 'account', 'session-only', 'json'],
  }),
  credentialsImport: syntax('credentials import', {
    operands: '[FILE.env]',
    takes: [0, 1],
    options: ['shell', 'agents', 'yes', 'scope', 'account', 'session-only', 'json'],
  }),
  credentialsList: syntax('credentials list', {
    operands: '[PROVIDER]',
    takes: [0, 1],
    options: ['scope', 'json'],
  }),
  credentialsCheck: syntax('credentials check', {
    operands: '[PROVIDER]',
    takes: [0, 1],
    options: ['scope', 'json'],
  }),
  credentialsRemove: syntax('credentials remove', {
    operands: 'PROVIDER',
    takes: [1, 1],
    options: ['scope', 'variable', 'account', 'json'],
  }),
  credentialsUse: syntax('credentials use', {
    operands: 'PROVIDER [ACCOUNT]',
    takes: [1, 2],
    needs: ['agent'],
    options: ['agent', 'json'],
  }),
  credentialsSessions: syntax('credentials sessions'),
  credentialsRestart: syntax('credentials restart'),
  credentialsRenew: syntax('credentials renew', { operands: 'ID', takes: [1, 1] }),
  orphansList: syntax('credentials orphans list'),
  orphansRemove: syntax('credentials orphans remove', {
    operands: '[INSTALLATION]',
    takes: [0, 1],
    options: ['yes', 'json'],
  }),
  credentialsTrail: syntax('credentials trail', { operands: '[PROVIDER]', takes: [0, 1], options: ['scope', 'json'] }),
  providersList: syntax('providers list'),
  providersSet: syntax('providers set', {
    operands: 'ID',
    takes: [1, 1],
    options: ['base-url', 'login-client-id', 'json'],
  }),
  providersRefresh: syntax('providers refresh'),
  providersReset: syntax('providers reset', { operands: 'ID', takes: [1, 1] }),
  hostsList: syntax('hosts list'),
  hostsAllow: syntax('hosts allow', { operands: 'HOST[:PORT]', takes: [1, 1], options: ['scope', 'json'] }),
  hostsRemove: syntax('hosts remove', { operands: 'HOST[:PORT]', takes: [1, 1], options: ['scope', 'json'] }),
  networkShow: syntax('network show'),
  networkProxySet: syntax('network proxy set', {
    operands: 'ADDRESS',
    takes: [1, 1],
    options: ['user', 'except', 'session-only', 'json'],
  }),
  networkProxyRemove: syntax('network proxy remove'),
  networkCertificatesSet: syntax('network certificates set', { operands: 'FILE.pem', takes: [1, 1] }),
  networkCertificatesRemove: syntax('network certificates remove'),
  networkDetect: syntax('network detect'),
  networkCheck: syntax('network check', { operands: 'PROVIDER', takes: [1, 1] }),
  mcpList: syntax('mcp list', { options: ['agent', 'project', 'json'] }),
  mcpAdd: syntax('mcp add', {
    operands: 'NAME [-- COMMAND…]',
    takes: [1, Number.POSITIVE_INFINITY],
    options: ['agent', 'project', 'url', 'sse', 'header', 'env', 'host', 'read', 'json'],
  }),
  mcpImport: syntax('mcp import', {
    operands: '[NAME…]',
    takes: [0, Number.POSITIVE_INFINITY],
    options: ['project', 'json'],
  }),
  mcpRemove: syntax('mcp remove', { operands: 'NAME', takes: [1, 1], options: ['agent', 'project', 'json'] }),
  mcpEnable: syntax('mcp enable', { operands: 'NAME', takes: [1, 1], options: ['agent', 'project', 'json'] }),
  mcpDisable: syntax('mcp disable', { operands: 'NAME', takes: [1, 1], options: ['agent', 'project', 'json'] }),
  projectsList: syntax('projects list'),
  projectsTrust: syntax('projects trust', { operands: '[DIR]', takes: [0, 1], options: ['origin', 'yes', 'json'] }),
  projectsDistrust: syntax('projects distrust', { operands: '[DIR]', takes: [0, 1] }),
  trust: syntax('trust', { operands: '[DIR]', takes: [0, 1], options: ['origin', 'yes', 'json'] }),
  projectsForget: syntax('projects forget', { operands: 'DIR', takes: [1, 1], options: ['yes', 'json'] }),
  variablesList: syntax('variables list', { options: ['scope', 'json'] }),
  variablesSet: syntax('variables set', {
    operands: 'NAME [VALUE]',
    takes: [1, 2],
    options: ['scope', 'secret', 'session-only', 'json'],
  }),
  variablesRemove: syntax('variables remove', { operands: 'NAME', takes: [1, 1], options: ['scope', 'json'] }),
  sandboxShow: syntax('sandbox show', { needs: ['agent'], options: ['agent', 'project', 'json'] }),
  sandboxRun: syntax('sandbox run', {
    operands: '-- COMMAND…',
    takes: [1, Number.POSITIVE_INFINITY],
    needs: ['agent'],
    options: ['agent', 'project'],
  }),
  env: syntax('env', { options: ['agent', 'project', 'scope', 'model', 'json'] }),
  logsList: syntax('logs list'),
  logs: syntax('logs', {
    operands: '[runner|core|TURN|LOG]',
    takes: [0, 1],
    options: ['level', 'grep', 'lines', 'since', 'failure', 'follow', 'reveal', 'json'],
  }),
  serve: syntax('serve', { options: ['port', 'json'] }),
  doctor: syntax('doctor'),
  diagnostics: syntax('diagnostics', { options: ['output', 'with', 'without', 'list', 'yes', 'json'] }),
  forgetEverything: syntax('forget', { needs: ['everything'], options: ['everything', 'yes', 'json'] }),
} as const satisfies Record<string, Syntax>;
export type CommandName = keyof typeof COMMANDS;

export const COMMAND_NAMES = Object.keys(COMMANDS) as CommandName[];

export function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(OPTIONS, name);
}

/** The command as typed: `credentials set`. */
export function wordsOf(command: CommandName): string {
  return COMMANDS[command].words.join(' ');
}
