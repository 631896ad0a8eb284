import { resolve } from 'node:path';
import { findCredentialsAsync } from '@napi-rs/keyring';
import type { MethodName, Params, Result } from '../../../../../shared/contract/methods.ts';
import type { Scope } from '../../../../../shared/model/credential.ts';
import { openConnection } from '../../../api/connection.ts';
import { createApp } from '../../../app.ts';
import { createKeyringKeychain } from '../../../keychain/keyring.ts';
import { INSTALLATIONS } from '../../../keychain/orphans/record.ts';
import { testHostPorts } from '../../../wiring/testing/host-ports.ts';

// A program of the tests, run where a real keyring is: a whole core, and what the keyring has after each step.
const [dataDir = '', resourcesDir = '', programsDir = ''] = process.argv.slice(2);
let installationId = '';
const app = await createApp(
  testHostPorts(
    { dataDir, resourcesDir, programsDir, folder: process.env.HOME ?? '' },
    {
      keychain(id) {
        if (id !== INSTALLATIONS) installationId = id;
        return createKeyringKeychain(id);
      },
    },
  ),
);
const connection = openConnection({ app, caller: { kind: 'window' }, onEvent: () => {} });
const call = <M extends MethodName>(method: M, params: Params<M>) =>
  connection.call(method, params) as Promise<Result<M>>;
const values = async () => {
  const items = await findCredentialsAsync(`perch:${installationId}`);
  return items.map(({ password }) => password).sort();
};
const store = (scope: Scope, value: string) =>
  call('credentials.set', { providerId: 'openai', scope, value, storage: 'keychain' });
const keep = (scope: Scope, value: string) =>
  call('variables.set', { name: 'MINE', scope, value, storage: 'keychain' });
const agent: Scope = { kind: 'agent', agentId: 'codex' };
const project: Scope = { kind: 'project', projectDir: resolve('/projects/one') };

await store({ kind: 'global' }, 'global');
await store(agent, 'agent');
await store(project, 'project');
await keep(agent, 'variable of agent');
await keep(project, 'variable of project');
const before = await values();
const [noted] = await findCredentialsAsync(`perch:${INSTALLATIONS}`);
await call('forget.carryOut', { target: agent });
const afterAgent = await values();
await call('forget.carryOut', { target: project });
const afterProject = await values();
const again = (await call('credentials.list', {})).credentials.map(({ scope }) => scope.kind);
await store(agent, 'new agent');
await keep({ kind: 'global' }, 'variable');
const { list } = await call('forget.list', { target: { kind: 'everything' } });
await call('forget.carryOut', { target: { kind: 'everything' } });
const afterEverything = [...(await values()), ...(await findCredentialsAsync(`perch:${INSTALLATIONS}`))];
await app.dispose();
const told = {
  before,
  afterAgent,
  afterProject,
  again,
  listed: list.credentials.length,
  variables: list.variables,
  afterEverything,
  noted,
};
process.stdout.write(`${JSON.stringify(told)}\n`, () => process.exit(0));
