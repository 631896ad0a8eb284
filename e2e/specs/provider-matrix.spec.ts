import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { loadAgents } from '../../electron/core/agents/load.ts';
import type { Dialect } from '../../shared/model/provider.ts';
import { startFakeProvider } from '../fake-providers/server.ts';
import { connectCore } from '../fixtures/core-client.ts';
import { agentsOnPath, root } from '../fixtures/installation.ts';
import { isLong, LONG_ONLY } from '../fixtures/long.ts';
import { expect, test } from '../fixtures/test.ts';

const KEY = `sk-proj-${randomUUID()}-good`;
/** Only the fake provider knows it. */
const WORD = `PINEAPPLE-${randomUUID().slice(0, 8)}`;

/** What stands before the path of a dialect's own. */
const BASE_PATH: Readonly<Record<Dialect, string>> = {
  'anthropic-messages': '',
  'openai-responses': '/v1',
  'openai-chat': '/v1',
  gemini: '',
};

const folders = [agentsOnPath, ...(process.env.PATH ?? '').split(delimiter)];

/** Each pair of the registry has a test; `npm test` keeps each agent's first. `npm run matrix` prints how they went. */
for (const { agentId, name, program, providers } of loadAgents(join(root, 'resources'))) {
  const commands = 'commands' in program ? program.commands : [];
  const installed = commands.some((command) => folders.some((folder) => existsSync(join(folder, command))));
  for (const [index, { providerId, dialect }] of providers.entries()) {
    const annotation = { type: 'provider-agent', description: `${providerId} ${agentId}` };
    test.describe(() => {
      test.skip(!installed, `${commands.join(', ')} is not on this machine`);
      test.skip(!isLong && index > 0, LONG_ONLY);
      test(`${name} answers through ${providerId}`, { annotation }, async ({ installation, served }) => {
        test.setTimeout(180_000);
        expect(served.pid).toBeGreaterThan(0);
        const provider = await startFakeProvider({ goodKeys: [KEY], knownWord: WORD });
        const core = await connectCore(installation.dataDir);
        const baseUrl = `${provider.url}${BASE_PATH[dialect]}`;
        await core.client.call('providers.setBaseUrl', { providerId, baseUrl });
        const scope = { kind: 'global' } as const;
        await core.client.call('credentials.set', { providerId, scope, value: KEY, storage: 'keychain' });
        const turn = await core.turn({ agentId, projectDir: installation.projectDir, prompt: 'What is the word?' });
        expect(turn.outcome, JSON.stringify(turn.outcome)).toMatchObject({ outcome: 'completed' });
        expect(turn.answer).toContain(WORD);
        expect(provider.requests.filter(({ credential }) => credential === 'wrong')).toEqual([]);
        core.close();
        await provider.close();
      });
    });
  }
}
