import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FakePackage, type FakeRegistry, startFakeRegistry } from '../../../../e2e/fake-registry/server.ts';
import type { InstallJob } from '../../../../shared/model/programs.ts';
import { systemClock } from '../../../node/clock.ts';
import { type Agent, agentSchema, type InstallSpec } from '../schema.ts';
import { createProgramFolders, type ProgramFolders } from './folders.ts';
import { createInstaller, type Installer } from './install-service.ts';
import { networkVariables } from './network-variables.ts';
import { createWholeness } from './whole.ts';

/** npm is a program of its own, on a machine with other work. */
const WAIT = 120_000;
const NPM = join(import.meta.dirname, '../../../../node_modules/npm/bin/npm-cli.js');
const TOKEN = 'canary-registry-token-1234567890';

let folder: string;
let registry: FakeRegistry;
let folders: ProgramFolders;
let installer: Installer;
let logged: string[];
let installed: string[];
let environment: Record<string, string>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'perch-install-'));
  registry = await startFakeRegistry();
  logged = [];
  installed = [];
  environment = { PATH: '/usr/bin:/bin' };
  npmrc(`registry=${registry.url}/`);
  folders = createProgramFolders({ dataDir: join(folder, 'data'), random: { uuid: () => crypto.randomUUID() } });
  installer = create();
});
afterEach(async () => {
  await installer.dispose();
  await registry.close();
  rmSync(folder, { recursive: true, force: true });
});

function create(change: { nodeExecutable?: string; npmCli?: string | undefined } = {}): Installer {
  return createInstaller({
    folders,
    nodeExecutable: process.execPath,
    npmCli: NPM,
    npmHost: async () => ({ environment, home: join(folder, 'home'), platform: process.platform }),
    isWhole: createWholeness({ programsDir: folder, machine: { platform: 'linux-x64', has: () => true } }),
    onInstalled: async (agentId) => void installed.push(agentId),
    redact: (text) => text,
    log: (message) => logged.push(message),
    clock: systemClock,
    ...change,
  });
}

function npmrc(...lines: string[]): void {
  mkdirSync(join(folder, 'home'), { recursive: true });
  writeFileSync(join(folder, 'home', '.npmrc'), lines.join('\n'));
}

const agentWith = (install: Partial<InstallSpec> = {}): Agent =>
  agentSchema.parse({
    agentId: 'tool',
    name: 'Tool',
    description: '',
    installCommand: 'npm install -g tool-cli',
    install: { packages: [{ name: 'tool-cli', version: '1.2.3' }], ...install },
    program: {
      kind: 'node',
      commands: ['tool'],
      package: { name: 'tool-cli', entry: 'tool.js', hasDependencies: true },
    },
    modelBy: 'launch',
    failureSigns: { errorTexts: [], authenticationTexts: [], ignoredTexts: [] },
    limits: { start: 1, silence: 1, stop: 1 },
  });
const tool = (change: Partial<FakePackage> = {}): FakePackage => ({
  name: 'tool-cli',
  version: '1.2.3',
  files: { 'tool.js': 'tool()' },
  ...change,
});

/** The end of the job that was begun. */
function ended(of = installer): Promise<InstallJob['progress']> {
  return new Promise((resolve) => {
    const look = () => {
      const progress = of.jobs()[0]?.progress;
      if (progress !== undefined && progress.state !== 'running') resolve(progress);
    };
    of.onChange(look);
    look();
  });
}
const install = (agent = agentWith(), version?: string) => {
  installer.install(agent, version);
  return ended();
};
const programDir = () => join(folder, 'data/agents/tool/program');
const left = () => (existsSync(programDir()) ? readdirSync(programDir()).sort() : []);

test('a package and what it needs are installed whole, aside and then into place', { timeout: WAIT }, async () => {
  registry.publish(tool({ manifest: { dependencies: { helper: '^2.0.0' } } }), { name: 'helper', version: '2.1.0' });
  const seen: InstallJob['progress'][] = [];
  installer.onChange(() => seen.push(...installer.jobs().map(({ progress }) => progress)));
  expect(await folders.modules('tool')).toBeUndefined();

  expect(await install()).toEqual({ state: 'done', version: '1.2.3' });
  const modules = join(programDir(), '1.2.3/node_modules');
  expect(await folders.modules('tool')).toBe(modules);
  expect(readFileSync(join(modules, 'tool-cli/tool.js'), 'utf8')).toBe('tool()');
  expect(existsSync(join(modules, 'helper/package.json'))).toBe(true);
  expect(left()).toEqual(['1.2.3', 'current']);
  expect(existsSync(join(programDir(), '1.2.3/cache'))).toBe(false);
  expect(installed).toEqual(['tool']);
  expect(seen).toContainEqual({ state: 'running', phase: 'fetching', packages: 2, bytes: expect.any(Number) });
  expect(seen).toContainEqual({ state: 'running', phase: 'placing', packages: 2, bytes: expect.any(Number) });
});

test('another version is asked for by number or by tag, and takes the place of the one before', {
  timeout: WAIT,
}, async () => {
  registry.publish(tool(), tool({ version: '2.0.0' }));
  expect(await install()).toEqual({ state: 'done', version: '1.2.3' });
  expect(await install(agentWith(), 'latest')).toEqual({ state: 'done', version: '2.0.0' });
  expect(await folders.modules('tool')).toBe(join(programDir(), '2.0.0/node_modules'));
  // A session may still run from it.
  expect(left()).toEqual(['1.2.3', '2.0.0', 'current']);
  await folders.sweep();
  expect(left()).toEqual(['2.0.0', 'current']);
  await installer.remove(agentWith());
  expect(readdirSync(join(folder, 'data/agents/tool'))).toEqual([]);
  await expect(installer.remove(agentWith())).rejects.toMatchObject({ code: 'AGENT_NOT_OURS' });
});

test('install scripts run only where the description says so, and see nothing of the registry', {
  timeout: WAIT,
}, async () => {
  environment = { ...environment, REGISTRY_TOKEN: TOKEN };
  npmrc(`registry=${registry.url}/`, `//${new URL(registry.url).host}/:_authToken=\${REGISTRY_TOKEN}`);
  const script = "require('fs').writeFileSync('ran.json', JSON.stringify(process.env))";
  const manifest = { scripts: { postinstall: `node -e "${script}"` }, hasInstallScript: true };
  registry.publish(tool({ manifest }));
  const ran = join(programDir(), '1.2.3/node_modules/tool-cli/ran.json');

  expect(await install()).toMatchObject({ state: 'done' });
  expect(existsSync(ran)).toBe(false);
  expect(await install(agentWith({ scripts: true }))).toMatchObject({ state: 'done' });
  const said = readFileSync(ran, 'utf8');
  expect(said).not.toContain(TOKEN);
  expect(JSON.parse(said).HOME).not.toBe(join(folder, 'home'));
  // The token did go where it belongs.
  expect(registry.requests.map(({ authorization }) => authorization)).toContain(`Bearer ${TOKEN}`);
});

test('what nobody needs is left out', { timeout: WAIT }, async () => {
  registry.publish(tool({ manifest: { optionalDependencies: { huge: '1.0.0' } } }), { name: 'huge', version: '1.0.0' });
  expect(await install(agentWith({ leaveOut: ['huge'] }))).toMatchObject({ state: 'done' });
  expect(registry.requests.filter(({ path }) => path.includes('huge'))).toEqual([]);
  expect(await install()).toMatchObject({ state: 'done' });
  expect(registry.requests.some(({ path }) => path.includes('huge'))).toBe(true);
});

test.each<[string, () => void, string]>([
  ['is damaged on the way', () => registry.publish(tool({ tarball: 'damaged' })), 'INSTALL_DAMAGED'],
  ['is not there', () => registry.publish(tool({ version: '9.0.0' })), 'INSTALL_NOT_FOUND'],
  ['nobody knows', () => {}, 'INSTALL_NOT_FOUND'],
  ['is for those who sign in', () => registry.refuse(401), 'INSTALL_REFUSED'],
  ['is forbidden', () => registry.refuse(403), 'INSTALL_REFUSED'],
  ['has no program in it', () => registry.publish(tool({ files: {} })), 'INSTALL_FAILED'],
  ['is where nobody listens', () => npmrc('registry=http://127.0.0.1:1/'), 'INSTALL_UNREACHABLE'],
])('a package that %s leaves nothing behind', { timeout: WAIT }, async (_, arrange, code) => {
  arrange();
  expect(await install()).toMatchObject({ state: 'failed', error: { code, values: { agent: 'Tool' } } });
  expect(left()).toEqual([]);
  expect(await folders.modules('tool')).toBeUndefined();
  expect(installed).toEqual([]);
});

test('a failed update leaves the version before', { timeout: WAIT }, async () => {
  registry.publish(tool(), tool({ version: '2.0.0', tarball: 'damaged' }));
  await install();
  expect(await install(agentWith(), '2.0.0')).toMatchObject({ state: 'failed' });
  expect(await folders.modules('tool')).toBe(join(programDir(), '1.2.3/node_modules'));
});

test('cancelled in the middle of a download, nothing is left, and it can be tried again', {
  timeout: WAIT,
}, async () => {
  registry.publish(
    tool({
      tarball: 'cut',
      files: { 'tool.js': 'tool()', big: Buffer.from(crypto.getRandomValues(new Uint8Array(60_000))) },
    }),
  );
  installer.install(agentWith());
  expect(() => installer.install(agentWith())).toThrow(expect.objectContaining({ code: 'INSTALL_RUNS_ALREADY' }));
  await registry.halfSent;
  expect(left()).toHaveLength(1);
  await installer.cancel('tool');
  expect(await ended()).toEqual({ state: 'cancelled' });
  expect(left()).toEqual([]);
  registry.publish(tool({ version: '1.2.4' }));
  expect(await install(agentWith(), '1.2.4')).toEqual({ state: 'done', version: '1.2.4' });
});

test('two agents are installed at once', { timeout: WAIT }, async () => {
  registry.publish(tool());
  const other = { ...agentWith(), agentId: 'other' };
  installer.install(agentWith());
  installer.install(other);
  await new Promise<void>((resolve) => {
    const look = () => installer.jobs().every(({ progress }) => progress.state === 'done') && resolve();
    installer.onChange(look);
    look();
  });
  expect(await folders.modules('tool')).toBeDefined();
  expect(await folders.modules('other')).toBeDefined();
});

test('what a crash left half-done is taken away, and is never what counts', async () => {
  const staged = folders.stage('tool');
  writeFileSync(join(staged, 'half'), '');
  expect(await folders.modules('tool')).toBeUndefined();
  await folders.sweep();
  expect(left()).toEqual([]);
  mkdirSync(join(programDir(), 'elsewhere'));
  writeFileSync(join(programDir(), 'current'), '../../other/program/1.0.0\n');
  expect(await folders.modules('tool')).toBeUndefined();
});

test('an installation that is asked for at once is no left-over of an earlier one', { timeout: WAIT }, async () => {
  registry.publish(tool());
  const staged = folders.stage('tool');
  const other = create();
  other.install(agentWith());
  expect(await ended(other)).toMatchObject({ state: 'done' });
  expect(existsSync(staged)).toBe(false);
  expect(left()).toEqual(['1.2.3', 'current']);
});

test('without Node or npm, or in no package, nothing is begun', () => {
  expect(() => create({ nodeExecutable: '' }).install(agentWith())).toThrow(
    expect.objectContaining({
      code: 'INSTALL_NO_NODE',
      values: { agent: 'Tool', agentId: 'tool', installCommand: 'npm install -g tool-cli' },
    }),
  );
  expect(() => create({ npmCli: undefined }).install(agentWith())).toThrow(
    expect.objectContaining({ code: 'INSTALL_NO_NODE' }),
  );
  const { install: _, ...agent } = agentWith();
  expect(() => installer.install(agent)).toThrow(expect.objectContaining({ code: 'AGENT_NOT_INSTALLABLE' }));
});

test("the user's configuration decides where packages come from; nothing of it is logged", {
  timeout: WAIT,
}, async () => {
  environment = {
    ...environment,
    REGISTRY_TOKEN: TOKEN,
    UNRELATED: 'not for npm',
    PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
  };
  registry.publish(tool());
  // The machine's own configuration is beside the user's Node.
  mkdirSync(join(folder, 'etc'));
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/node'), '');
  writeFileSync(join(folder, 'etc/npmrc'), `registry=${registry.url}/`);
  npmrc(
    `//${new URL(registry.url).host}/:_authToken=\${REGISTRY_TOKEN}`,
    'omit=optional',
    'ignore-scripts=false',
    'dry-run=true',
  );
  expect(await install()).toMatchObject({ state: 'done' });
  expect(registry.requests.every(({ authorization }) => authorization === `Bearer ${TOKEN}`)).toBe(true);
  registry.refuse(401);
  expect(JSON.stringify(await install(agentWith(), '9.9.9'))).not.toContain(TOKEN);
  expect(logged).toHaveLength(1);
  expect(logged.join()).not.toContain(TOKEN);
});

test("the proxy that the user set in Perch is npm's too, with its password", { timeout: WAIT }, async () => {
  registry.publish(tool());
  // The fake's packages lie at its own address, which is another host than the registry's.
  npmrc('registry=http://registry.test/', 'replace-registry-host=always');
  const { hostname, port } = new URL(registry.url);
  const authorization = `Basic ${Buffer.from('ada:p@ss:word').toString('base64')}`;
  const proxy = {
    protocol: 'http',
    host: hostname,
    port: Number(port),
    authorization,
    exceptions: ['*.example.test'],
  } as const;
  environment = {
    ...environment,
    https_proxy: 'http://elsewhere.test',
    ...networkVariables({ ...proxy, exceptions: [...proxy.exceptions] }, '/own.pem'),
  };
  expect(environment).toMatchObject({ NO_PROXY: '.example.test', NODE_EXTRA_CA_CERTS: '/own.pem' });
  expect(await install()).toMatchObject({ state: 'done' });
  expect(registry.requests[0]).toMatchObject({
    path: '/tool-cli',
    host: 'registry.test',
    proxyAuthorization: authorization,
  });
  expect(networkVariables(undefined, undefined)).toEqual({});
});

test('dirname of a version is no way out', () => {
  const staged = folders.stage('tool');
  expect(() => folders.put('tool', staged, `../${dirname(staged)}`)).toThrow();
});
