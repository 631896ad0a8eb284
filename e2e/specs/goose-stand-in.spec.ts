import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { startFakeProvider } from '../fake-providers/server.ts';
import { connectCore } from '../fixtures/core-client.ts';
import { root } from '../fixtures/installation.ts';
import { expect, test } from '../fixtures/test.ts';

const [GOOD, DYING] = [`sk-proj-${randomUUID()}-good`, `sk-proj-${randomUUID()}-dying`];
const WORD = `PINEAPPLE-${randomUUID().slice(0, 8)}`;

/** goose itself has no package that could be installed for a test: what is tried here is its description. */
test('the description of goose leads a stand-in for it to its provider', async ({ installation }) => {
  test.setTimeout(180_000);
  const bin = join(installation.home, 'bin');
  mkdirSync(bin);
  copyFileSync(process.execPath, join(bin, 'goose'));
  copyFileSync(join(root, 'e2e', 'fake-goose', 'acp.cjs'), join(installation.projectDir, 'acp'));
  const provider = await startFakeProvider({ goodKeys: [GOOD], listingKeys: [DYING], knownWord: WORD });
  installation.environment.PATH = `${bin}${delimiter}${installation.environment.PATH}`;
  const served = await installation.serve();
  const core = await connectCore(installation.dataDir);
  const { projectDir } = installation;
  const providerId = 'openai';
  await core.client.call('providers.setBaseUrl', { providerId, baseUrl: `${provider.url}/v1` });
  const use = (value: string) =>
    core.client.call('credentials.set', { providerId, scope: { kind: 'global' }, value, storage: 'keychain' });
  const ask = { agentId: 'goose', projectDir, prompt: 'What is the word?', model: 'gpt-5' };

  await use(GOOD);
  await core.client.call('agents.configure', { agentId: 'goose', settings: { instructions: 'Be brief.' } });
  const usual = await core.turn(ask);
  expect(usual.outcome, JSON.stringify(usual.outcome)).toMatchObject({ outcome: 'completed' });
  expect(usual.answer).toContain(`${WORD} (openai, approve, keyring off: 1)`);
  expect(usual.events.map(({ event }) => event)).toContainEqual(
    expect.objectContaining({ key: 'notice.instructions-said', values: { instructions: 'Be brief.' } }),
  );
  expect(provider.requests.at(-1)?.body).toContain('Be brief.');
  expect((await core.turn({ ...ask, permissionMode: 'execute' })).answer).toContain('openai, auto');
  await expect(core.turn({ ...ask, permissionMode: 'plan' })).rejects.toMatchObject({
    code: 'PERMISSION_MODE_UNSUPPORTED',
  });

  await use(DYING);
  expect((await core.turn(ask)).outcome).toMatchObject({
    outcome: 'failed',
    failure: { error: { code: 'BYOK_CREDENTIAL_INVALID' } },
  });
  core.close();
  await served.stop();
  await provider.close();
});
