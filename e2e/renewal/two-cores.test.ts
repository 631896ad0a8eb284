import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type App, createApp } from '../../electron/core/app.ts';
import { createCredentialService } from '../../electron/core/credentials/credential-service.ts';
import {
  CLIENT_ID,
  type OAuthServer,
  startOAuthServer,
} from '../../electron/core/credentials/logins/testing/oauth-server.ts';
import type { HostPorts } from '../../electron/core/ports.ts';
import { createProviderRegistry } from '../../electron/core/providers/registry.ts';
import { openDatabase } from '../../electron/core/storage/database/database.ts';
import { testHostPorts, testKeychain } from '../../electron/core/wiring/testing/host-ports.ts';
import { createTestInstallation, type TestInstallation } from '../../electron/core/wiring/testing/installation.ts';
import { systemClock } from '../../electron/node/clock.ts';

let installation: TestInstallation;
let server: OAuthServer;
const apps: App[] = [];

beforeEach(async () => {
  installation = createTestInstallation();
  server = await startOAuthServer();
});
afterEach(async () => {
  for (const app of apps.splice(0)) await app.dispose();
  await server.close();
  installation.remove();
});

const random = { uuid: () => randomUUID(), fraction: () => 0 };
const keychain = testKeychain();

const ports = (kind: HostPorts['kind']): HostPorts =>
  testHostPorts(installation, { kind, random, keychain: () => keychain });

/** What an earlier core left: a token that has expired since. */
async function leaveExpired(): Promise<string> {
  const { dataDir, resourcesDir } = installation;
  const database = openDatabase({ file: join(dataDir, 'perch.db'), clock: systemClock, random });
  const registry = createProviderRegistry({
    resourcesDir,
    baseUrls: { get: () => undefined, set: () => {}, reset: () => {} },
  });
  const credentials = createCredentialService({ database, keychain, registry, clock: systemClock, random });
  const refreshToken = await server.issueRefreshToken();
  const { credential } = await credentials.setRenewable({
    providerId: 'openai',
    scope: { kind: 'global' },
    value: 'an-access-token-of-yesterday',
    storage: 'keychain',
    expiresAt: 1,
    renewal: { refreshToken, tokenEndpoint: server.tokenEndpoint, clientId: CLIENT_ID },
  });
  await credentials.dispose();
  database.close();
  return credential.credentialId;
}

/** The state of the app, once the credential is another. */
function untilRenewed({ hub }: App, former: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const check = () => hub.state.credentials.some(({ credentialId }) => credentialId !== former) && resolve();
  const subscription = hub.subscribe({ listener: check });
  check();
  return promise.finally(() => subscription.unsubscribe());
}

test('of an app and a command line that start at once, one core renews, once', async () => {
  const former = await leaveExpired();
  const outcomes = await Promise.allSettled([createApp(ports('loopback')), createApp(ports('cli'))]);
  for (const outcome of outcomes) if (outcome.status === 'fulfilled') apps.push(outcome.value);
  const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  expect(refused).toMatchObject([{ code: 'ALREADY_RUNNING' }]);
  const [app] = apps;
  if (app === undefined) throw new Error('none started');
  await untilRenewed(app, former);
  expect(server.tokenRequests.length).toBe(1);
  expect(app.hub.state.credentials).toMatchObject([{ status: 'ok', renewal: { state: 'ok' } }]);
}, 60_000);
