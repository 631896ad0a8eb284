import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defined } from '../../../shared/defined.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import { type AgentSettings, DEFAULT_AGENT_SETTINGS } from '../../../shared/model/agent.ts';
import type { CredentialView } from '../../../shared/model/credential.ts';
import type { LivenessReport } from '../../../shared/model/liveness.ts';
import type { SandboxAvailability } from '../../../shared/model/sandbox-policy.ts';
import type { Launch } from '../launch/launch.ts';
import { createProviderRegistry } from '../providers/registry.ts';
import { patchAuth } from '../settings/auth.ts';
import { type AgentService, type AgentServiceOptions, createAgentService } from './agent-service.ts';
import type { Place } from './places.ts';
import type { AgentCredentials, AgentLiveness } from './ports.ts';
import { writeProgram } from './testing/write-program.ts';

const resourcesDir = join(import.meta.dirname, '..', '..', '..', 'resources');
const SECRET = 'sk-proj-the-secret-value';

/** The packages that are laid out here are those of Linux. */
const onLinux = test.runIf(process.platform === 'linux');

let folder: string;
let projectDir: string;
/** The credentials there are: provider and variable. */
let held: CredentialView[];
let readable: boolean;
let settings: Map<string, AgentSettings>;
let sandbox: SandboxAvailability;
let baseUrls: Map<string, string>;
let agents: AgentService;
/** What the provider says of every credential, and the values it was asked about. */
let found: Pick<LivenessReport, 'verdict' | 'reason' | 'status'>;
let asked: string[];
let places: Place[];
/** What happens while it is asked. */
let meanwhile: () => void | Promise<void>;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'perch-service-')));
  projectDir = join(folder, 'project');
  mkdirSync(projectDir);
  held = [];
  readable = true;
  found = { verdict: 'alive', reason: 'accepted', status: 200 };
  asked = [];
  places = [];
  meanwhile = () => {};
  settings = new Map();
  sandbox = { state: 'available', backend: 'bubblewrap', version: '0.8.0' };
  baseUrls = new Map();
  agents = create();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const paths = (moduleDirs: string[]) => ({
  dataDir: join(folder, 'data'),
  resourcesDir,
  programsDir: join(folder, 'programs'),
  nodeExecutable: join(folder, 'node'),
  moduleDirs,
});

function create(moduleDirs: string[] = [], ownLogins?: AgentServiceOptions['ownLogins']): AgentService {
  return createAgentService({
    paths: paths(moduleDirs),
    registry: createProviderRegistry({
      resourcesDir,
      baseUrls: {
        get: (id) => baseUrls.get(id),
        set: (id, url) => void baseUrls.set(id, url),
        reset: (id) => void baseUrls.delete(id),
      },
    }),
    credentials,
    liveness,
    settings: {
      agent: (agentId) => settings.get(agentId) ?? DEFAULT_AGENT_SETTINGS,
      resetAgent: (agentId, names) => {
        const kept = Object.entries(settings.get(agentId) ?? {}).filter(([name]) => !names.some((one) => one === name));
        settings.set(agentId, { ...DEFAULT_AGENT_SETTINGS, ...Object.fromEntries(kept) });
      },
      forgetAgent: (agentId) => void settings.delete(agentId),
      updateAgent(agentId, { auth, sandbox: setting }) {
        const before = settings.get(agentId) ?? DEFAULT_AGENT_SETTINGS;
        const after: AgentSettings = {
          auth: auth === undefined ? before.auth : patchAuth(before.auth, auth),
          sandbox: setting ?? before.sandbox,
        };
        settings.set(agentId, after);
        return after;
      },
    },
    environment: { PATH: join(folder, 'bin'), HOME: join(folder, 'home'), LANG: 'C.UTF-8', OPENAI_API_KEY: 'host-key' },
    sandbox: () => sandbox,
    clock: { now: () => 5, after: () => () => {} },
    places: async () => places,
    platform: 'linux',
    ...defined({ ownLogins }),
  });
}

const liveness: AgentLiveness = {
  known: (entries) => reportsOn(entries).filter(({ checkedAt }) => checkedAt <= asked.length),
  async ensure(entries, values) {
    asked.push([...values.values()].join());
    await meanwhile();
    return reportsOn(entries);
  },
  onChange: () => () => {},
};
/** Known once the provider was asked. */
const reportsOn = (entries: readonly CredentialView[]): LivenessReport[] =>
  entries.map(({ credentialId }) => ({ credentialId, ...found, checkedAt: 1 }));

const credentials: AgentCredentials = {
  list: () => held,
  resolve({ providerId, accepted }) {
    const entries = accepted
      .map((together) =>
        together.flatMap((name) => held.filter((one) => one.providerId === providerId && one.variable === name)),
      )
      .find((found, index) => found.length === accepted[index]?.length);
    if (entries === undefined) return { state: 'missing', accepted: accepted.map((together) => [...together]) };
    return readable
      ? { state: 'resolved', entries }
      : { state: 'unreadable', entries, error: { code: 'CREDENTIAL_UNREADABLE', values: { variable: 'X' } } };
  },
  readValues: ({ entries }) => Promise.resolve(new Map(entries.map(({ variable }) => [variable, SECRET]))),
  onChange: () => () => {},
};

function hold(providerId: string, variable: string, updatedAt = 1) {
  held = held.filter((one) => one.variable !== variable);
  held.push({
    credentialId: '00000000-0000-4000-8000-000000000001',
    providerId,
    variable,
    scope: { kind: 'global' },
    storage: 'keychain',
    masked: '••••alue',
    createdAt: 1,
    updatedAt,
    status: 'ok',
  });
}

const write = (path: string, content: string): string => writeProgram(join(folder, path), content);

/** Codex as npm lays it out, found by its wrapper on PATH. */
function installCodex(modules = 'lib/node_modules'): string {
  write(`${modules}/@openai/codex/package.json`, JSON.stringify({ name: '@openai/codex', version: '0.169.0' }));
  write(`${modules}/@openai/codex/bin/codex.js`, '#!/usr/bin/env node');
  const arch = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  const native = `${modules}/@openai/codex-linux-${process.arch}/vendor/${arch}-unknown-linux-musl/bin/codex`;
  if (modules === 'lib/node_modules') {
    mkdirSync(join(folder, 'bin'), { recursive: true });
    symlinkSync('../lib/node_modules/@openai/codex/bin/codex.js', join(folder, 'bin/codex'));
  }
  write('programs/codex-acp.mjs', '');
  return write(native, '\u007fELF');
}

const launch = (agentId = 'codex', model?: string) =>
  agents.prepareLaunch({ agentId, projectDir, ...defined({ model }) });
/** Without those about what the shell exports. */
const gateNotices = ({ notices }: Launch) =>
  notices.map(({ key }) => key).filter((key) => !key.startsWith('conflict.'));
const refusalOf = async (agentId = 'codex') => {
  try {
    await launch(agentId);
  } catch (error) {
    if (error instanceof PerchError) return { code: error.code, values: error.values };
    throw error;
  }
  return undefined;
};

onLinux('a launch has the native program, the credential and nothing of the host', async () => {
  const program = installCodex();
  hold('openai', 'OPENAI_API_KEY');
  const prepared = await launch('codex', 'gpt-5.4');

  expect(prepared.launch).toMatchObject({
    command: join(folder, 'node'),
    args: [join(folder, 'programs/codex-acp.mjs')],
  });
  expect(prepared.environment).toMatchObject({ OPENAI_API_KEY: SECRET, CODEX_PATH: program, HOME: '/home/agent' });
  expect(JSON.parse(prepared.environment.CODEX_CONFIG ?? '')).toMatchObject({
    model: 'gpt-5.4',
    model_provider: 'perch',
    model_providers: { perch: { base_url: 'https://api.openai.com/v1', env_key: 'OPENAI_API_KEY' } },
  });
  expect(prepared).toMatchObject({ secretNames: ['OPENAI_API_KEY'], providerId: 'openai' });
  expect(prepared.auth).toEqual({ mode: 'byo', model: 'gpt-5.4' });
  expect(prepared.policy.readOnly.map(({ path }) => path)).toEqual(
    [
      join(folder, `lib/node_modules/@openai/codex-linux-${process.arch}`),
      join(folder, 'node'),
      join(folder, 'programs/codex-acp.mjs'),
    ].sort(),
  );
  expect(prepared.policy).toMatchObject({
    enforcement: 'required',
    workingDirectory: projectDir,
    network: { kind: 'proxy', hosts: [{ host: 'api.openai.com', ports: [443] }] },
  });
  expect(gateNotices(prepared)).toEqual([]);
  expect(statSync(prepared.policy.state.hostPath).mode & 0o777).toBe(0o700);
  // The secret is in the environment, and nowhere else.
  expect(JSON.stringify({ ...prepared, environment: undefined })).not.toContain(SECRET);
});

onLinux(
  "Perch's own programs and modules are read-only in a project that contains them, by their real paths",
  async () => {
    installCodex();
    hold('openai', 'OPENAI_API_KEY');
    mkdirSync(join(folder, 'perch/own/node_modules'), { recursive: true });
    symlinkSync('perch/own', join(folder, 'linked'));
    agents = create([join(folder, 'linked/node_modules'), join(folder, 'absent/node_modules')]);
    const policyIn = async (directory: string) =>
      (await agents.prepareLaunch({ agentId: 'codex', projectDir: directory })).policy;

    const inside = await policyIn(folder);
    expect(inside.readOnly).toContainEqual({ path: join(folder, 'programs'), optional: false });
    expect(inside.readOnly).toContainEqual({ path: join(folder, 'perch/own/node_modules'), optional: false });
    expect(inside.writable).toEqual([join(folder, 'perch'), join(folder, 'perch/own')]);

    const elsewhere = await policyIn(projectDir);
    expect(elsewhere.readOnly.map(({ path }) => path)).not.toContain(join(folder, 'programs'));
    expect(elsewhere.writable).toEqual([]);
  },
);

onLinux('the model of a provider of its own choice goes whole, an empty one not at all', async () => {
  installCodex();
  hold('openai', 'OPENAI_API_KEY');
  expect(JSON.parse((await launch('codex', 'vendor/model')).environment.CODEX_CONFIG ?? '').model).toBe('vendor/model');
  expect(JSON.parse((await launch('codex')).environment.CODEX_CONFIG ?? '')).not.toHaveProperty('model');
});

onLinux("an endpoint of the user's own is where the agent is sent", async () => {
  installCodex();
  hold('openai', 'CODEX_API_KEY');
  baseUrls.set('openai', 'https://proxy.example/v1');
  const { environment } = await launch();
  expect(JSON.parse(environment.CODEX_CONFIG ?? '').model_providers.perch).toMatchObject({
    base_url: 'https://proxy.example/v1',
    env_key: 'CODEX_API_KEY',
  });
});

onLinux('what the view says is what a launch does', async () => {
  await agents.refresh();
  expect(agents.view('codex', projectDir).installation.state).not.toBe('found');
  expect(await refusalOf()).toMatchObject({
    code: 'AGENT_NOT_INSTALLED',
    values: { installCommand: 'npm install -g @openai/codex' },
  });

  installCodex();
  await agents.refresh();
  const missing = agents.view('codex').readiness;
  expect(missing).toMatchObject({ error: { code: 'MISSING_BYOK_CREDENTIAL' } });
  expect(missing).toMatchObject({ error: await refusalOf() });

  hold('anthropic', 'ANTHROPIC_API_KEY');
  expect(await refusalOf()).toMatchObject({ code: 'MISSING_BYOK_CREDENTIAL', values: { providerId: 'openai' } });

  hold('openai', 'OPENAI_API_KEY');
  expect(agents.view('codex').readiness).toEqual({ state: 'ready' });
  readable = false;
  expect(agents.view('codex').readiness).toMatchObject({ error: { code: 'CREDENTIAL_UNREADABLE' } });
  expect(await refusalOf()).toMatchObject({ code: 'CREDENTIAL_UNREADABLE' });
});

onLinux('without a sandbox a launch is refused, unless it was turned off for this agent', async () => {
  installCodex();
  hold('openai', 'OPENAI_API_KEY');
  sandbox = { state: 'unavailable', reason: 'bwrap was not found' };
  expect(await refusalOf()).toMatchObject({ code: 'SANDBOX_UNAVAILABLE' });
  agents.configure({ agentId: 'codex', settings: { sandbox: 'off' } });
  const prepared = await launch();
  expect(prepared.policy.enforcement).toBe('off');
  expect(prepared.environment.HOME).toBe(join(folder, 'data/agents/codex/home'));
  expect(gateNotices(prepared)).toEqual(['notice.sandbox-off']);
});

onLinux('a program of the working directory is used last, and loudly', async () => {
  installCodex('project/node_modules');
  hold('openai', 'OPENAI_API_KEY');
  expect(await refusalOf('opencode')).toMatchObject({ code: 'AGENT_NOT_INSTALLED' });
  const prepared = await launch();
  expect(gateNotices(prepared)).toEqual(['notice.program-from-project']);
  expect(agents.view('codex', projectDir).installation).toMatchObject({ state: 'found', source: 'project' });
  expect(agents.view('codex').installation).toMatchObject({ state: 'missing' });
  const looked = await create().look(projectDir);
  expect(looked.map(({ installation }) => installation.state)).not.toContain('checking');
});

onLinux('where there are several, the user decides which one is started', async () => {
  installCodex();
  hold('openai', 'OPENAI_API_KEY');
  const first = (await launch()).policy.readOnly;
  const other = join(folder, 'other/codex');
  mkdirSync(dirname(other), { recursive: true });
  writeFileSync(other, '\u007fELF....', { mode: 0o755 });
  places = [{ kind: 'programs', folder: dirname(other) }];
  await agents.refresh();
  expect((await launch()).policy.readOnly).toEqual(first);
  settings.set('codex', { auth: { mode: 'byo', model: '' }, sandbox: 'on', program: other });
  expect(agents.view('codex').installation).toMatchObject({ path: other, source: 'place' });
  expect((await launch()).policy.readOnly).toContainEqual({ path: other, optional: false });
  rmSync(other);
  expect((await launch()).policy.readOnly).toEqual(first);
  expect(agents.view('codex').installation).toMatchObject({ chosenIsGone: other });
});

onLinux('a missing adapter is told by its own name', async () => {
  installCodex();
  hold('openai', 'OPENAI_API_KEY');
  rmSync(join(folder, 'programs/codex-acp.mjs'));
  expect(await refusalOf()).toMatchObject({ code: 'AGENT_ADAPTER_MISSING', values: { adapter: 'codex-acp' } });
});

onLinux('a launch sees what was installed and removed since the last look', async () => {
  hold('openai', 'OPENAI_API_KEY');
  await agents.refresh();
  expect(await refusalOf()).toMatchObject({ code: 'AGENT_NOT_INSTALLED' });
  const program = installCodex();
  expect((await launch()).environment.CODEX_PATH).toBe(program);
  expect(agents.view('codex').installation.state).toBe('found');
  rmSync(join(folder, 'bin/codex'));
  rmSync(program);
  expect(await refusalOf()).toMatchObject({ code: 'AGENT_NOT_INSTALLED' });
  installCodex('project/node_modules');
  expect((await launch()).notices[0]?.key).toBe('notice.program-from-project');
});

onLinux('the fingerprint changes with what a session gets, and with nothing else', async () => {
  installCodex();
  hold('openai', 'OPENAI_API_KEY');
  const first = (await launch()).fingerprint;
  expect((await launch()).fingerprint).toBe(first);
  expect((await launch('codex', 'other')).fingerprint).not.toBe(first);
  hold('openai', 'OPENAI_API_KEY', 2);
  expect((await launch()).fingerprint).not.toBe(first);
});

onLinux('the plan is shown masked, with the refusal when there is one, and starts nothing', async () => {
  installCodex();
  const refused = await agents.planView({ agentId: 'codex', projectDir });
  expect(refused).toMatchObject({ providerId: 'openai', refusal: { code: 'MISSING_BYOK_CREDENTIAL' } });
  expect(refused.plan.denied).toContainEqual({
    name: 'OPENAI_API_KEY',
    source: 'host',
    reason: 'reason.denied-credential',
  });
  hold('openai', 'OPENAI_API_KEY');
  const plan = await agents.planView({ agentId: 'codex', projectDir });
  expect(plan).not.toHaveProperty('refusal');
  expect(plan.plan.set.find(({ name }) => name === 'OPENAI_API_KEY')).toMatchObject({
    secret: true,
    shown: '••••alue',
  });
  expect(JSON.stringify(plan)).not.toMatch(/sk-proj|host-key/);
  expect(existsSync(join(folder, 'data'))).toBe(false);
});

onLinux('OpenCode is never left to choose a provider of its own', async () => {
  const machine = `linux-${process.arch}`;
  write('lib/node_modules/opencode-ai/package.json', JSON.stringify({ name: 'opencode-ai', version: '1.18.33' }));
  write('lib/node_modules/opencode-ai/bin/opencode', '#!/usr/bin/env node');
  write(`lib/node_modules/opencode-${machine}/bin/opencode`, '\u007fELF');
  write(`lib/node_modules/opencode-${machine}-baseline/bin/opencode`, '\u007fELF');
  mkdirSync(join(folder, 'bin'));
  symlinkSync('../lib/node_modules/opencode-ai/bin/opencode', join(folder, 'bin/opencode'));
  expect(await refusalOf('opencode')).toMatchObject({
    code: 'MISSING_BYOK_CREDENTIAL',
    values: {
      provider: 'Anthropic / OpenAI / Google Gemini / OpenRouter',
      variables: 'ANTHROPIC_API_KEY, OPENAI_API_KEY, GEMINI_API_KEY, OPENROUTER_API_KEY',
    },
  });
  hold('google', 'GEMINI_API_KEY');
  const config = JSON.parse((await launch('opencode', 'gemini-x')).environment.OPENCODE_CONFIG_CONTENT ?? '');
  expect(config).toMatchObject({
    enabled_providers: ['google'],
    model: 'google/gemini-x',
    small_model: 'google/gemini-x',
    provider: { google: { options: { apiKey: '{env:GEMINI_API_KEY}' } } },
  });
});

onLinux('what does not exist, or does not go together, is refused by name', async () => {
  expect(() => agents.view('nobody')).toThrowError(expect.objectContaining({ code: 'AGENT_UNKNOWN' }));
  await expect(launch('nobody')).rejects.toMatchObject({ code: 'AGENT_UNKNOWN' });
  const configure = (providerId: string) => () =>
    agents.configure({ agentId: 'codex', settings: { auth: { mode: 'byo', providerId } } });
  expect(configure('groq')).toThrowError(expect.objectContaining({ code: 'AGENT_PROVIDER_UNSUPPORTED' }));
  expect(configure('nobody')).toThrowError(expect.objectContaining({ code: 'PROVIDER_UNKNOWN' }));
  expect(configure('openai')).not.toThrow();
});

onLinux('a look is not waited for: until it is over an agent is being checked', async () => {
  expect(agents.view('codex')).toMatchObject({ installation: { state: 'checking' }, readiness: { state: 'checking' } });
  let changes = 0;
  agents.onChange(() => changes++);
  await agents.refresh();
  expect(changes).toBeGreaterThan(0);
  expect(agents.view('codex')).toMatchObject({ installation: { state: 'missing' }, checkedAt: 5 });
});

onLinux('a launch asks about the very value that it injects, and is refused when the provider refuses it', async () => {
  installCodex();
  hold('openai', 'OPENAI_API_KEY');
  expect((await launch()).environment.OPENAI_API_KEY).toBe(SECRET);
  expect(asked).toEqual([SECRET]);
  found = { verdict: 'dead', reason: 'refused', status: 401 };
  const refusal = { code: 'BYOK_CREDENTIAL_INVALID', values: { variable: 'OPENAI_API_KEY', providerId: 'openai' } };
  expect(await refusalOf()).toMatchObject(refusal);
  expect(agents.view('codex').readiness).toMatchObject({ state: 'not-ready', error: refusal });
  expect((await agents.planView({ agentId: 'codex', projectDir })).refusal).toMatchObject(refusal);
  // Kept all the same, and not ready.
  expect(agents.configure({ agentId: 'codex', settings: { auth: { mode: 'byo', model: 'x' } } }).agent).toMatchObject({
    settings: { auth: { model: 'x' } },
    readiness: { error: refusal },
  });
});

onLinux('what was refused before is asked about anew when a session starts', async () => {
  installCodex();
  hold('openai', 'OPENAI_API_KEY');
  found = { verdict: 'dead', reason: 'refused', status: 401 };
  expect(await refusalOf()).toMatchObject({ code: 'BYOK_CREDENTIAL_INVALID' });
  meanwhile = () => {
    found = { verdict: 'alive', reason: 'accepted' };
  };
  expect(gateNotices(await launch())).toEqual([]);
});

onLinux('what is let through without a plain yes is said', async () => {
  installCodex();
  hold('openai', 'OPENAI_API_KEY');
  found = { verdict: 'limited', reason: 'rate', status: 429 };
  expect((await launch()).notices.slice(0, -1)).toEqual([
    {
      level: 'warn',
      key: 'notice.credential-rate',
      values: { provider: 'OpenAI', variable: 'OPENAI_API_KEY', status: 429, cause: '' },
    },
  ]);
});

onLinux('a credential that is replaced while its provider is asked is asked about itself', async () => {
  installCodex();
  hold('openai', 'OPENAI_API_KEY');
  meanwhile = () => {
    meanwhile = () => {};
    hold('openai', 'OPENAI_API_KEY', 2);
  };
  expect((await launch()).credentials).toMatchObject([{ updatedAt: 2 }]);
  expect(asked).toHaveLength(2);
});

onLinux('nobody is asked for an agent that needs no credential, or that could not start anyway', async () => {
  write('programs/demo-agent.mjs', '');
  await launch('demo');
  hold('openai', 'OPENAI_API_KEY');
  expect(await refusalOf()).toMatchObject({ code: 'AGENT_NOT_INSTALLED' });
  expect(agents.credentialsOf('codex')).toHaveLength(1);
  expect(agents.credentialsOf('demo')).toEqual([]);
  expect(asked).toEqual([]);
});

onLinux('what else could have answered is told in the view, in the plan and at the start', async () => {
  installCodex();
  const keys = (conflicts: readonly { key: string }[] | undefined) => conflicts?.map(({ key }) => key);
  const planned = async () => keys((await agents.planView({ agentId: 'codex', projectDir })).conflicts);
  await agents.refresh();
  expect(keys(agents.view('codex').conflicts)).toEqual(['conflict.exported-missing']);
  expect(await planned()).toEqual(['conflict.exported-missing']);
  expect(agents.view('demo')).not.toHaveProperty('conflicts');

  hold('openai', 'OPENAI_API_KEY');
  const others = [
    ['in reach', 'CODEX_API_KEY', { kind: 'project', projectDir }],
    ['elsewhere', 'CODEX_API_KEY', { kind: 'agent', agentId: 'gemini' }],
    ['of no use', 'OTHER', { kind: 'global' }],
  ] as const;
  const [key] = held;
  if (key === undefined) throw new Error('nothing is held');
  held.push(...others.map(([credentialId, variable, scope]) => ({ ...key, credentialId, variable, scope })));
  held.push({ ...key, credentialId: 'of another provider', providerId: 'anthropic' });
  const conflicts = (await launch()).notices.filter(({ key: told }) => told.startsWith('conflict.'));
  expect(keys(conflicts)).toEqual(['conflict.exported', 'conflict.stored']);
  expect(conflicts[1]?.values.others).toBe('CODEX_API_KEY ••••alue');
  expect(await planned()).toEqual(['conflict.exported', 'conflict.stored']);
  expect(keys(agents.view('codex').conflicts)).toEqual(['conflict.exported']);
  expect(JSON.stringify(agents.view('codex'))).not.toMatch(/host-key/);
});

onLinux('an agent that is signed in by itself as well says which of both it uses', async () => {
  installCodex();
  hold('openai', 'OPENAI_API_KEY');
  agents = create([], signedIn());
  expect((await launch()).notices.map(({ key }) => key)).toContain('conflict.login-left-out');
});

onLinux('a session with the agent’s own login is another one after the agent was signed in anew', async () => {
  installCodex();
  let signIns = 1;
  agents = create([], { ...signedIn(), signIns: () => signIns });
  const { fingerprint } = await launch();
  expect((await launch()).fingerprint).toBe(fingerprint);
  signIns++;
  expect((await launch()).fingerprint).not.toBe(fingerprint);
  const before = (await agents.planView({ agentId: 'codex', projectDir })).plan;
  expect(before.login).toEqual({ files: [] });
  hold('openai', 'OPENAI_API_KEY');
  expect((await agents.planView({ agentId: 'codex', projectDir })).plan.login).toBeUndefined();
  const withKey = (await launch()).fingerprint;
  signIns++;
  expect((await launch()).fingerprint).toBe(withKey);
});

function signedIn(): NonNullable<AgentServiceOptions['ownLogins']> {
  return {
    state: () => ({ state: 'signed-in' }),
    confirm: async () => {},
    signIns: () => 0,
    onChange: () => () => {},
  };
}

const MANAGED = { mode: 'managed', gateway: { providerId: 'openai' }, allowedModels: ['gpt-5', 'gpt-6'] } as const;
const toManaged = (agentId: string) => () =>
  agents.configure({ agentId, settings: { auth: { ...MANAGED, allowedModels: ['gpt-5', 'gpt-6'] } } });

onLinux('a mode that an agent lacks is refused by mode before anything else, and nothing is saved', () => {
  const refusal = expect.objectContaining({
    code: 'MODE_UNSUPPORTED',
    values: expect.objectContaining({ supported: 'byo' }),
  });
  expect(toManaged('demo')).toThrowError(refusal);
  expect(toManaged('goose')).toThrowError(refusal);
  expect(settings.size).toBe(0);
  // As it may have been saved by a version in which it had that mode.
  settings.set('goose', { auth: { ...MANAGED, allowedModels: ['gpt-5'] }, sandbox: 'on' });
  expect(agents.view('goose').readiness).toMatchObject({ state: 'not-ready', error: { code: 'MODE_UNSUPPORTED' } });
});

onLinux(
  'managed is kept and not ready; it names what the switch cleared, and says the same wherever it is asked',
  async () => {
    installCodex();
    hold('openai', 'OPENAI_API_KEY');
    agents.configure({ agentId: 'codex', settings: { auth: { mode: 'byo', model: 'mine' } } });
    const { agent, cleared } = toManaged('codex')();
    const refusal = { code: 'GATEWAY_NOT_BUILT', values: { agentId: 'codex', mode: 'managed' } };
    expect(cleared).toEqual(['mine']);
    expect(agent).toMatchObject({
      settings: { auth: MANAGED },
      effective: { mode: 'managed', providerId: 'openai', model: 'gpt-5' },
      webTools: ['web_search'],
      readiness: { state: 'not-ready', error: refusal },
    });
    expect(await refusalOf()).toMatchObject(refusal);
    await expect(launch('codex', 'gpt-9')).rejects.toMatchObject({ code: 'MODEL_NOT_ALLOWED' });
    const planned = await agents.planView({ agentId: 'codex', projectDir });
    expect(planned).toMatchObject({ mode: 'managed', model: 'gpt-5', refusal });
    // Stored, and exported by the host.
    const denied = planned.plan.denied.filter(({ name }) => name === 'OPENAI_API_KEY');
    expect(denied.map(({ source, reason }) => [source, reason])).toEqual([
      ['host', 'reason.denied-managed'],
      ['credential', 'reason.denied-managed'],
    ]);
    expect(planned.plan.unset).toEqual([{ name: 'OPENAI_API_KEY', reason: 'reason.unset-managed' }]);
    expect(planned.plan.set.filter(({ secret }) => secret)).toEqual([]);
    expect(JSON.stringify(planned.plan.set)).not.toContain('api.openai.com');
    expect(asked).toEqual([]);
    expect(agents.credentialsOf('codex', projectDir)).toEqual([]);
    expect((await agents.policy({ agentId: 'codex', projectDir })).network).toMatchObject({ hosts: [] });

    const back = agents.configure({ agentId: 'codex', settings: { auth: { mode: 'byo' } } });
    expect(back.cleared).toEqual(['gpt-5', 'gpt-6']);
    expect((await launch()).environment.OPENAI_API_KEY).toBe(SECRET);
  },
);
