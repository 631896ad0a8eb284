import { expect, test } from 'vitest';
import type { CoreHandlers } from '../../../shared/contract/methods.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { AgentView } from '../../../shared/model/agent.ts';
import type { OtherAgent } from '../../../shared/model/agent-registry.ts';
import type { InstallJob } from '../../../shared/model/programs.ts';
import { commandLine } from '../testing/command-line.ts';

const job = (agentId: string, progress: InstallJob['progress']): InstallJob => ({
  agentId,
  version: '1.0.0',
  startedAt: 7,
  progress,
});
const RUNNING = { state: 'running', phase: 'fetching', packages: 0, bytes: 0 } as const;

/** A core whose installation ends as given, right after it has begun. */
function cli(end: InstallJob['progress'], options: Parameters<typeof commandLine>[0] = {}) {
  const handlers: Partial<CoreHandlers> = {
    'agents.install': async ({ agentId }) => {
      const tell = (progress: InstallJob['progress']) =>
        made.app.hub.set('programs', { loginShell: { state: 'known' }, installs: [job(agentId, progress)] });
      tell({ ...RUNNING, packages: 2, bytes: 3_400_000 });
      tell(end);
      return { job: job(agentId, RUNNING) };
    },
    'agents.list': async () => ({ agents: [AGENT] }),
    'agentRegistry.list': async () => ({ agents: [OTHER] }),
    'agentRegistry.add': async () => ({ agent: AGENT }),
    'agents.uninstall': async () => {
      throw new PerchError('AGENT_NOT_OURS', { agent: 'Codex' });
    },
    ...options.handlers,
  };
  const made = commandLine({ ...options, handlers });
  return made;
}

test('an installation is followed to its end; its progress is on stderr', async () => {
  const made = cli({ state: 'done', version: '1.0.0' });
  expect(await made.run('agents', 'install', 'codex@1.0.0', '--json')).toBe(0);
  expect(JSON.parse(await made.out())).toEqual({ agentId: 'codex', version: '1.0.0' });
  expect(made.calls).toContainEqual({ method: 'agents.install', params: { agentId: 'codex', version: '1.0.0' } });
  const short = cli({ state: 'done', version: '1.0.0' });
  expect(await short.run('agents', 'install', 'codex')).toBe(0);
  expect(short.calls).toContainEqual({ method: 'agents.install', params: { agentId: 'codex' } });
  expect(await short.out()).toContain('codex 1.0.0 is installed');
});

test('a failed one says why, and what to do', async () => {
  const error = { code: 'INSTALL_REFUSED', values: { agent: 'Codex', reason: '401 Unauthorized' } } as const;
  const made = cli({ state: 'failed', error });
  expect(await made.run('agents', 'install', 'codex')).toBe(1);
  expect(await made.err()).toContain('refused the request (401 Unauthorized)');
});

test('a version that is a place to fetch from is refused', async () => {
  const made = cli({ state: 'done', version: '1' });
  expect(await made.run('agents', 'install', 'codex@git+https://example.test/x')).toBe(1);
  expect(made.calls.map(({ method }) => method)).not.toContain('agents.install');
});

test('an agent is removed after the word was typed, or with --yes', async () => {
  const handlers: Partial<CoreHandlers> = { 'agents.uninstall': async () => ({ agent: AGENT }) };
  const removed = (made: ReturnType<typeof cli>) =>
    made.calls.filter(({ method }) => method === 'agents.uninstall').length;
  const asked = cli(RUNNING, { handlers, typed: ['remove'] });
  expect(await asked.run('agents', 'uninstall', 'codex')).toBe(0);
  const no = cli(RUNNING, { handlers, typed: ['no'] });
  expect(await no.run('agents', 'uninstall', 'codex')).toBe(1);
  const nobody = cli(RUNNING, { handlers, input: '' });
  expect(await nobody.run('agents', 'uninstall', 'codex')).toBe(2);
  const yes = cli(RUNNING, { handlers, input: '' });
  expect(await yes.run('agents', 'uninstall', 'codex', '--yes', '--json')).toBe(0);
  expect([asked, no, nobody, yes].map(removed)).toEqual([1, 0, 0, 1]);
  const theirs = cli(RUNNING);
  expect(await theirs.run('agents', 'uninstall', 'codex', '--yes')).toBe(1);
  expect(await theirs.err()).toContain('AGENT_NOT_OURS');
});

const AGENT: AgentView = {
  agentId: 'codex',
  name: 'Codex',
  description: 'It codes.',
  demo: false,
  network: 'proxy',
  installation: {
    state: 'found',
    path: '/data/codex',
    version: '0.1.0',
    source: 'installed',
    olderThan: '0.2.0',
    others: [{ path: '/bin/codex', source: 'path' }],
  },
  install: { version: '0.2.0', packages: ['@openai/codex@0.2.0'] },
  readiness: { state: 'ready' },
  settings: { auth: { mode: 'byo', model: '' }, sandbox: 'on' },
  providerIds: [],
  modes: ['byo'],
  permissionModes: ['plan', 'ask', 'execute'],
  takesInstructions: true,
  effective: { model: '', mode: 'byo' },
};

test('an agent of the registry is added first, with the provider that was named', async () => {
  const made = cli({ state: 'failed', error: { code: 'INSTALL_FAILED', values: {} } });
  expect(await made.run('agents', 'install', 'other', '--provider', 'openai')).toBe(1);
  expect(made.calls.map(({ method }) => method)).toEqual([
    'agents.list',
    'agentRegistry.list',
    'agentRegistry.add',
    'agents.install',
  ]);
  expect(made.calls[2]?.params).toEqual({ agentId: 'other', providerId: 'openai' });
});

test('the list of agents says how Perch installs a missing one', async () => {
  const missing: AgentView = {
    ...AGENT,
    installation: { state: 'missing', installCommand: 'npm install -g codex' },
    readiness: { state: 'not-ready', error: { code: 'AGENT_NOT_INSTALLED', values: { agent: 'Codex' } } },
  };
  const goose: AgentView = { ...missing, agentId: 'goose', install: undefined };
  const made = cli(RUNNING, { handlers: { 'agents.refresh': async () => ({ agents: [missing, goose] }) } });
  const { host } = made.app.hub.state;
  made.app.hub.set('host', { ...host, sandbox: { state: 'unavailable', reason: '' } });
  expect(await made.run('agents')).toBe(0);
  const text = await made.out();
  expect(text).toContain('perch agents install codex');
  expect(text).not.toContain('perch agents install goose');
});

test('the registry is listed with what is not known of it', async () => {
  const made = cli(RUNNING);
  expect(await made.run('agents', 'registry')).toBe(0);
  const text = await made.out();
  expect(text).toContain('perch agents install other');
  expect(text).toContain('not tried');
});

const OTHER: OtherAgent = {
  agentId: 'other',
  name: 'Other',
  version: '1.0.0',
  description: '',
  how: 'package',
  installCommand: 'npm install -g other@1.0.0',
  added: false,
};

test('one agent is shown with its programs and why', async () => {
  const handlers: Partial<CoreHandlers> = { 'agents.refresh': async () => ({ agents: [AGENT] }) };
  const made = cli(RUNNING, { handlers });
  expect(await made.run('agents', 'show', 'codex')).toBe(0);
  const text = await made.out();
  for (const part of [
    '/data/codex · 0.1.0 · installed by Perch',
    'also found: /bin/codex · on PATH',
    '0.2.0',
    '@openai/codex@0.2.0',
  ])
    expect(text).toContain(part);
  const unknown = cli(RUNNING, { handlers });
  expect(await unknown.run('agents', 'show', 'other')).toBe(1);
  expect(await unknown.err()).toContain('AGENT_UNKNOWN');
});

test.each(['codex@', '@openai/codex', '@'])('%s is no agent to install', async (operand) => {
  const made = cli(RUNNING);
  expect(await made.run('agents', 'install', operand)).toBe(2);
  expect(await made.err()).toContain('ID@VERSION');
});
