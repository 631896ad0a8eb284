import { randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { MethodName, Params } from '../../../shared/contract/methods.ts';
import { type App, createApp } from '../app.ts';
import { createMemoryKeychain } from '../keychain/memory.ts';
import { callAsWindow, stateWhen } from './testing/core-calls.ts';
import { testHostPorts } from './testing/host-ports.ts';
import { createTestInstallation, type TestInstallation } from './testing/installation.ts';

const root = resolve(import.meta.dirname, '..', '..', '..');
const SECRET = 'sk-proj-a-canary-for-the-trail-0123456789';

/** Asks for authentication as soon as a session is opened, whatever it holds. */
const AGENT = {
  agentId: 'refusing',
  name: 'Refusing',
  description: 'Takes no credential.',
  installCommand: '',
  program: { kind: 'built-in', file: 'refusing.mjs' },
  args: [],
  modelBy: 'launch',
  environment: [],
  providers: [
    {
      providerId: 'openai',
      dialect: 'openai-responses',
      credentials: [{ variables: ['OPENAI_API_KEY'] }],
      environment: [],
    },
  ],
  failureSigns: { errorTexts: [], authenticationTexts: [], ignoredTexts: [] },
  limits: { start: 60_000, silence: 0, stop: 1000 },
};

let installation: TestInstallation;
let app: App;

beforeEach(async () => {
  installation = createTestInstallation();
  const { programsDir, folder } = installation;
  const resourcesDir = join(folder, 'own-resources');
  cpSync(join(root, 'resources'), resourcesDir, { recursive: true });
  rmSync(join(resourcesDir, 'agents'), { recursive: true });
  mkdirSync(join(resourcesDir, 'agents'));
  writeFileSync(join(resourcesDir, 'agents', 'refusing.json'), JSON.stringify(AGENT));
  cpSync(join(root, 'resources', 'agents', 'demo.json'), join(resourcesDir, 'agents', 'demo.json'));
  const program = join(root, 'e2e', 'fake-agents', 'refusing.ts');
  writeFileSync(join(programsDir, 'refusing.mjs'), `import ${JSON.stringify(program)};\n`);
  app = await createApp(testHostPorts({ ...installation, resourcesDir }, { keychain: createMemoryKeychain }));
});
afterEach(async () => {
  await app.dispose();
  installation.remove();
});

const call = <M extends MethodName>(method: M, params: Params<M>) => callAsWindow(app, method, params);

const ended = (turnId: string) =>
  stateWhen(app, ({ turns }) => turns.find((one) => one.turnId === turnId)?.endedAt !== undefined);

test('from the first paste to the deletion: stored, used by a real agent, rejected, deleted', async () => {
  await call('agents.configure', { agentId: 'refusing', settings: { sandbox: 'off' } });
  const { credential } = await call('credentials.set', {
    providerId: 'openai',
    scope: { kind: 'global' },
    value: SECRET,
    storage: 'keychain',
  });
  const turnId = randomUUID();
  const { turn } = await call('turns.submit', { turnId, agentId: 'refusing', prompt: 'hello' });
  await ended(turnId);
  expect((await call('turns.get', { turnId })).turn.failure?.error.code).toBe('BYOK_CREDENTIAL_INVALID');
  await call('credentials.remove', { credentialId: credential.credentialId });

  const { events } = await call('credentials.trail', { limit: 10, providerId: 'openai' });
  const use = { agentId: 'refusing', sessionId: turn.sessionId, turnId };
  expect(events).toMatchObject([
    { kind: 'deleted' },
    { kind: 'rejected', ...use },
    { kind: 'used', ...use },
    { kind: 'stored' },
  ]);
  expect(new Set(events.map(({ credentialId }) => credentialId))).toEqual(new Set([credential.credentialId]));
  expect(events.filter(({ masked }) => masked !== '••••••••6789')).toEqual([]);
  expect(JSON.stringify(events)).not.toContain('canary');
});
