// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to variables are the subject
import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { McpLaunch } from '../../../../shared/runner-protocol/mcp.ts';
import { nodeExecutable } from '../../testing/checkout.ts';
import type { RunnerUnderTest } from '../../testing/runner-process.ts';
import { fakeAgent, repository, startParams, type TestFolders } from '../../testing/session-params.ts';
import { withRunner } from '../../testing/set-up.ts';
import { serversFor } from './mcp.ts';

let runner: RunnerUnderTest;
let folders: TestFolders;
withRunner(
  (own) => {
    ({ runner, folders } = own);
  },
  { isQuiet: true },
);

const SECRET = `canary-${randomUUID()}`;
const HASH = createHash('sha256').update(SECRET).digest('hex');
const tester: McpLaunch = {
  type: 'stdio',
  name: 'tester',
  command: nodeExecutable,
  args: [join(repository, 'e2e/mcp-server/server.mjs')],
  env: [{ name: 'TESTER_SECRET', value: '${MY_SECRET}' }],
};
const overHttp: McpLaunch = {
  type: 'http',
  name: 'remote',
  url: 'https://mcp.example.com/',
  headers: [{ name: 'Authorization', value: 'Bearer ${MY_SECRET}' }],
};

async function turnWith(mcpServers: McpLaunch[], transports: readonly string[] = []) {
  const script = fakeAgent('mcp');
  const params = startParams({
    folders,
    script,
    launch: { args: [script, ...transports], mcpServers },
    environment: { MY_SECRET: SECRET },
    secretNames: ['MY_SECRET'],
    variableNames: ['MY_SECRET'],
  });
  const started = await runner.request('session.start', params);
  const { sessionId } = params;
  await runner.request('session.prompt', { sessionId, turnId: randomUUID(), prompt: 'go' });
  const said = runner.notifications.flatMap(({ name, params: { event } }) => {
    const { type, text } = (event ?? {}) as { type?: string; text?: string };
    return name === 'turn.event' && type === 'agent.message' ? [text ?? ''] : [];
  });
  return { started, said: said.join('') };
}

test('an agent in the sandbox reaches a server, which has the secret that its setting names', async () => {
  const { said, started } = await turnWith([tester]);
  expect(said).toContain(`tester: ${HASH}`);
  expect(started.mcpUnsupported).toBeUndefined();
  expect(JSON.stringify(runner.notifications)).not.toContain(SECRET);
});

test('an agent is told only of servers that it supports; the others are named', async () => {
  const { said, started } = await turnWith([tester, overHttp, { ...overHttp, type: 'sse', name: 'old' }], ['http']);
  // The header held the secret: it is masked where the agent repeats it.
  expect(said).toMatch(/remote: \[\{"name":"Authorization","value":"Bearer (?!canary)/);
  expect(said).not.toContain('old:');
  expect(started.mcpUnsupported).toEqual([{ name: 'old', transport: 'sse' }]);
});

test('an agent that fills in variables itself gets their names, never their values', () => {
  const { servers } = serversFor({
    servers: [tester, overHttp],
    capabilities: { mcpCapabilities: { http: true } },
    variablesBy: 'name',
    environment: { MY_SECRET: SECRET },
  });
  expect(JSON.stringify(servers)).not.toContain(SECRET);
  expect(servers).toMatchObject([
    { env: [{ value: '${MY_SECRET}' }] },
    { headers: [{ value: 'Bearer ${MY_SECRET}' }] },
  ]);
});
