import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInstallation } from '../fixtures/installation.ts';
import { expect, test } from '../fixtures/test.ts';

const AGENT = `#!/usr/bin/env node
let text = '';
process.stdin.on('data', (data) => {
  text += data;
  for (let end = text.indexOf('\\n'); end >= 0; end = text.indexOf('\\n')) {
    const { id, method } = JSON.parse(text.slice(0, end));
    text = text.slice(end + 1);
    const results = { initialize: { protocolVersion: 1, agentCapabilities: {} }, 'session/new': { sessionId: 's' } };
    if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, result: results[method] ?? {} }));
  }
});
`;

test('an own agent is added when it starts in the sandbox, else refused with what is missing', async () => {
  test.setTimeout(120_000);
  const own = await createInstallation({ keyring: 'none' });
  const at = (name: string, text: string, mode = 0o755) => {
    const file = join(own.home, name);
    writeFileSync(file, text);
    chmodSync(file, mode);
    return file;
  };
  const add = (id: string, ...command: string[]) => own.perch(['agents', 'add', id, '--', ...command]);
  const script = at('agent.mjs', AGENT);

  const hidden = await add('hidden', 'node', script);
  expect(hidden.stderr).toContain(`needs ${script}, which the sandbox hides`);
  const ending = await add('ending', at('ending.sh', '#!/bin/sh\necho "fatal: no config" >&2\nexit 3\n'));
  expect(ending.stderr).toContain('could not start ending: fatal: no config');
  const gone = await add('gone', 'no-such-command');
  expect(gone.stderr).toContain('on this machine: no-such-command');
  const plain = await add('plain', at('plain.mjs', AGENT, 0o644));
  expect(plain.stderr).toContain('is not executable');
  expect([hidden, ending, gone, plain].map(({ status }) => status)).toEqual([1, 1, 1, 1]);

  const good = await add('good', script);
  expect(good.status, good.stderr).toBe(0);
  const listed = JSON.parse((await own.perch(['agents', '--json'])).stdout).agents;
  const ids = listed.map(({ agentId }: { agentId: string }) => agentId);
  expect(ids).toContain('good');
  for (const id of ['hidden', 'ending', 'gone', 'plain']) expect(ids).not.toContain(id);
  await own.dispose();
});
