import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { MethodName, Params, Result } from '../../../shared/contract/methods.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { AgentView } from '../../../shared/model/agent.ts';
import { type App, createApp } from '../app.ts';
import type { HostPorts, Keychain } from '../ports.ts';
import { callAsWindow, stateWhen } from '../wiring/testing/core-calls.ts';
import { testHostPorts, testKeychain } from '../wiring/testing/host-ports.ts';
import { createTestInstallation, type TestInstallation } from '../wiring/testing/installation.ts';

const root = resolve(import.meta.dirname, '..', '..', '..');
const TOKEN = `sk-ant-oat01-${'Zy9-Canary_'.repeat(9).slice(0, 95)}`;

const PROGRAM = `
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const file = process.env.HOME + '/.fake/auth.json';
const [what] = process.argv.slice(2);
if (what === 'print') {
  process.stdout.write('Token:\\r\\n\\u001b[33m');
  for (const character of ${JSON.stringify(TOKEN)}) {
    process.stdout.write(character);
    await new Promise((done) => setImmediate(done));
  }
  process.stdout.write('\\u001b[0m\\r\\nPress a key. ');
  process.stdin.setRawMode(true);
  process.stdin.once('data', (key) => { console.log('got ' + key); process.exit(0); });
}
if (what === 'sign-in') {
  mkdirSync(process.env.HOME + '/.fake', { recursive: true });
  writeFileSync(file, JSON.stringify({ says: 'Logged in' }));
  console.log('signed in');
}
if (what === 'status') console.log(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).says : 'Not logged in');
`;

const AGENT = {
  agentId: 'fake',
  name: 'Fake',
  description: 'Signs in by itself.',
  installCommand: '',
  program: { kind: 'built-in', file: 'fake.mjs' },
  modelBy: 'launch',
  providers: [
    {
      providerId: 'anthropic',
      dialect: 'anthropic-messages',
      credentials: [{ variables: ['ANTHROPIC_API_KEY'] }, { variables: ['CLAUDE_CODE_OAUTH_TOKEN'] }],
    },
  ],
  login: {
    name: 'Anthropic',
    providers: { anthropic: 'anthropic' },
    ways: [
      { wayId: 'own', args: ['sign-in'] },
      {
        wayId: 'token',
        args: ['print'],
        prints: { providerId: 'anthropic', variable: 'CLAUDE_CODE_OAUTH_TOKEN' },
      },
    ],
    status: { kind: 'command', args: ['status'], signedIn: '^Logged in', signedOut: '^Not logged in' },
    files: ['.fake/auth.json'],
  },
  failureSigns: { errorTexts: [], authenticationTexts: [], ignoredTexts: [] },
  limits: { start: 60_000, silence: 0, stop: 1000 },
};

let installation: TestInstallation;
let app: App;
let refusal: PerchError | undefined;
/** All that a window was sent. */
let sent: string[];

beforeEach(async () => {
  installation = createTestInstallation();
  sent = [];
  refusal = undefined;
  const resourcesDir = join(installation.folder, 'own-resources');
  cpSync(join(root, 'resources'), resourcesDir, { recursive: true });
  rmSync(join(resourcesDir, 'agents'), { recursive: true });
  mkdirSync(join(resourcesDir, 'agents'));
  writeFileSync(join(resourcesDir, 'agents', 'fake.json'), JSON.stringify(AGENT));
  cpSync(join(root, 'resources', 'agents', 'demo.json'), join(resourcesDir, 'agents', 'demo.json'));
  writeFileSync(join(installation.programsDir, 'fake.mjs'), PROGRAM);
  app = await createApp(ports(resourcesDir));
  app.hub.subscribe({ listener: (event) => void sent.push(JSON.stringify(event)) });
  await until(() => app.hub.state.connection.kind !== 'starting' && app.hub.state.host.sandbox.state !== 'checking');
});
afterEach(async () => {
  await app.dispose();
  installation.remove();
});

function ports(resourcesDir: string): HostPorts {
  const keychain = refusingWhenTold(testKeychain());
  const withTerminals = { keychain: () => keychain, terminals: { state: 'available' } } as const;
  return testHostPorts({ ...installation, resourcesDir }, withTerminals);
}

function refusingWhenTold(keychain: Keychain): Keychain {
  return {
    ...keychain,
    set: async (account, value) => {
      if (refusal !== undefined) throw refusal;
      await keychain.set(account, value);
    },
  };
}

const until = (holds: () => boolean) => stateWhen(app, holds);

async function call<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> {
  const answer = await callAsWindow(app, method, params);
  sent.push(JSON.stringify(answer));
  return answer;
}

const start = (wayId: string) =>
  call('terminals.start', {
    agentId: 'fake',
    wayId,
    scope: { kind: 'global' },
    storage: 'keychain',
    size: { columns: 400, rows: 24 },
  });

async function readUntil(terminalId: string, holds: (screen: Result<'terminals.read'>) => boolean) {
  for (let after = 0; ; ) {
    const screen = await call('terminals.read', { terminalId, after });
    if (holds(screen)) return screen;
    after = screen.sequence;
  }
}

const fake = (): AgentView => {
  const agent = app.hub.state.agents.find(({ agentId }) => agentId === 'fake');
  if (agent === undefined) throw new Error('the agent is gone');
  return agent;
};
const loginState = () => fake().ownLogin?.providers[0]?.login.state;

/** Files of the data directory that hold a part of the token. */
function filesWithToken(): string[] {
  return readdirSync(installation.dataDir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(installation.dataDir, name))
    .filter((file) => statSync(file).isFile() && readFileSync(file).includes(TOKEN.slice(20, 40)));
}

test('a printed token goes to the keychain, and nowhere else; the program goes on with the keys', async () => {
  const { terminalId } = await start('token');
  const stored = await readUntil(terminalId, ({ capture }) => capture.state === 'stored');
  expect(stored.capture).toMatchObject({
    credential: { variable: 'CLAUDE_CODE_OAUTH_TOKEN', providerId: 'anthropic', scope: { kind: 'global' } },
  });
  expect(stored.painted).toContain('sk-ant-oat01-••••');
  await call('terminals.write', { terminalId, data: 'k' });
  const ended = await readUntil(terminalId, ({ progress }) => progress.state === 'ended');
  expect(ended.painted).toContain('got k');
  expect(ended.progress).toEqual({ state: 'ended', exitCode: 0 });
  await call('terminals.close', { terminalId });
  await until(() => app.hub.state.credentials.length === 1);
  expect(fake().readiness.state).toBe('ready');
  expect(sent.join('\n')).not.toContain(TOKEN.slice(20, 32));
  expect(sent.join('\n')).toContain('got k');
  expect(filesWithToken()).toEqual([]);
  writeFileSync(join(installation.dataDir, 'control'), `x${TOKEN}`);
  expect(filesWithToken()).toHaveLength(1);
});

test('a token that cannot be stored is held, is stored on request, and is not lost with its reader', async () => {
  refusal = new PerchError('KEYCHAIN_LOCKED');
  const { terminalId } = await start('token');
  const failed = await readUntil(terminalId, ({ capture }) => capture.state === 'failed');
  expect(failed.capture).toMatchObject({ error: { code: 'KEYCHAIN_LOCKED' } });
  await call('terminals.write', { terminalId, data: 'k' });
  await readUntil(terminalId, ({ progress }) => progress.state === 'ended');
  const again = await start('token');
  expect(again.resumed).toBe(true);
  await expect(call('terminals.read', { terminalId, after: 0 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  refusal = undefined;
  await call('terminals.store', { terminalId: again.terminalId, storage: 'keychain' });
  await readUntil(again.terminalId, ({ capture }) => capture.state === 'stored');
  expect(app.hub.state.credentials).toMatchObject([{ variable: 'CLAUDE_CODE_OAUTH_TOKEN' }]);
  expect(sent.join('\n')).not.toContain(TOKEN.slice(20, 32));
});

test('an agent that signs in by itself is ready; signed out it is not; what it cannot say is its own state', async () => {
  expect(loginState()).toBe('signed-out');
  expect(fake().readiness).toMatchObject({ state: 'not-ready', error: { code: 'MISSING_BYOK_CREDENTIAL' } });
  const { terminalId } = await start('own');
  await readUntil(terminalId, ({ progress }) => progress.state === 'ended');
  await call('terminals.close', { terminalId });
  await until(() => loginState() === 'signed-in');
  expect(fake().readiness.state).toBe('ready');
  const home = join(installation.dataDir, 'agents', 'fake', 'home');
  expect(fake().ownLogin?.files).toEqual([join(home, '.fake', 'auth.json')]);
  expect(statSync(home).mode & 0o777).toBe(0o700);
  expect((await call('environment.plan', { agentId: 'fake' })).plan.login).toEqual({ files: fake().ownLogin?.files });

  writeFileSync(join(home, '.fake', 'auth.json'), JSON.stringify({ says: 'what?' }));
  await call('terminals.checkLogin', { agentId: 'fake' });
  await until(() => loginState() === 'could-not-check');
  expect(fake().readiness).toMatchObject({ state: 'not-ready', error: { code: 'OWN_LOGIN_COULD_NOT_CHECK' } });

  await call('terminals.signOut', { agentId: 'fake' });
  expect(existsSync(join(home, '.fake', 'auth.json'))).toBe(false);
  await until(() => loginState() === 'signed-out');
});

test('one login at a time; a closed one ends its program; a way that is not there is named', async () => {
  const { terminalId } = await start('token');
  await expect(start('own')).rejects.toMatchObject({ code: 'LOGIN_STILL_RUNS' });
  await expect(call('terminals.signOut', { agentId: 'fake' })).rejects.toMatchObject({ code: 'LOGIN_STILL_RUNS' });
  await call('terminals.close', { terminalId });
  await expect(call('terminals.write', { terminalId, data: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(start('device')).rejects.toMatchObject({ code: 'LOGIN_UNKNOWN' });
});
