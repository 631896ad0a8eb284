import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Client } from '../../electron/core/api/client.ts';
import { connectCore } from '../fixtures/core-client.ts';
import { hasKeyring, type Keyring, startKeyring } from '../fixtures/keyring.ts';
import { addAgents, agentIdFor } from '../gate/agents.ts';
import { type ScriptedProvider, startProvider } from '../gate/provider.ts';
import { createInstallation, type Installation } from './installation.ts';

const WAIT = { timeout: 60_000, interval: 100 };
const providerId = 'openai';
const agentId = agentIdFor(providerId);

describe.skipIf(!hasKeyring)('a keychain whose daemon is killed in mid-run', { timeout: 180_000 }, () => {
  let keyring: Keyring;
  let provider: ScriptedProvider;
  let installation: Installation;
  let app: ChildProcess;
  let client: Client;

  beforeEach(async () => {
    keyring = await startKeyring('unlocked');
    provider = await startProvider({ status: 200 }, () => {});
    installation = await createInstallation({ environment: keyring.environment, withResources: addAgents });
    app = await installation.startApp();
    ({ client } = await connectCore(installation.dataDir));
    await client.call('providers.setBaseUrl', { providerId, baseUrl: provider.origin });
    await client.call('credentials.set', {
      providerId,
      scope: { kind: 'global' },
      value: `sk-proj-${randomUUID()}`,
      storage: 'keychain',
    });
  });
  afterEach(async () => {
    client.close();
    const gone = once(app, 'exit');
    app.kill('SIGTERM');
    await gone;
    await provider.close();
    await keyring.stop();
    installation.remove();
  });

  async function submit(words: number): Promise<string> {
    const turnId = randomUUID();
    const prompt = JSON.stringify({ id: turnId, words, paceMs: 5 });
    await client.call('turns.submit', { turnId, agentId, projectDir: installation.projectDir, prompt });
    return turnId;
  }
  const turnOf = async (turnId: string) => (await client.call('turns.get', { turnId })).turn;
  const reached = async (turnId: string) => (await turnOf(turnId)).lastSeq;
  const keychain = async () => (await client.call('events.subscribe', {})).snapshot?.keychain.state;

  test('a turn that runs goes on, the next one says what is missing, and what comes back is found', async () => {
    const running = await submit(20_000);
    await expect.poll(() => reached(running), WAIT).toBeGreaterThan(5);
    keyring.leave();
    await expect(submit(1)).rejects.toMatchObject({ code: 'KEYCHAIN_ABSENT' });
    expect(await keychain()).toBe('absent');
    const seen = await reached(running);
    await expect.poll(() => reached(running), WAIT).toBeGreaterThan(seen + 5);
    expect((await turnOf(running)).status).toBe('running');
    // As long as it is gone, each one says so.
    await expect(submit(1)).rejects.toMatchObject({ code: 'KEYCHAIN_ABSENT' });
    keyring.comeBack();
    // The bus takes a moment to notice that the service is offered again.
    let next = '';
    const accepted = async () => {
      next = await submit(3).catch(() => '');
      return next;
    };
    await expect.poll(accepted, WAIT).not.toBe('');
    await expect.poll(async () => (await turnOf(next)).status, WAIT).toBe('completed');
    expect(await keychain()).toBe('available');
    expect((await turnOf(running)).status).toBe('running');
    await client.call('turns.cancel', { turnId: running });
  });
});
