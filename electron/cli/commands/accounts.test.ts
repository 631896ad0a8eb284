import { expect, test } from 'vitest';
import type { AgentView } from '../../../shared/model/agent.ts';
import type { ProviderView } from '../../../shared/model/provider.ts';
import { commandLine } from '../testing/command-line.ts';

const OPENAI: ProviderView = {
  providerId: 'openai',
  name: 'OpenAI',
  credentialAlternatives: [['OPENAI_API_KEY']],
  credentialRequired: true,
  defaultVariable: 'OPENAI_API_KEY',
  keyShapes: [],
  baseUrlSource: 'registry',
  models: [],
};
const agent = { agentId: 'codex', name: 'Codex' } as AgentView;
const configured = (options: Parameters<typeof commandLine>[0] = {}) =>
  commandLine({
    ...options,
    handlers: {
      'providers.list': async () => ({ providers: [OPENAI] }),
      'agents.configure': async () => ({ agent: full(agent) }),
      ...options.handlers,
    },
  });

function full(view: AgentView): AgentView {
  return {
    ...view,
    description: '',
    demo: false,
    installation: { state: 'checking' },
    readiness: { state: 'checking' },
    settings: { auth: { mode: 'byo', model: '' }, sandbox: 'on' },
    providerIds: ['openai'],
    modes: ['byo'],
    permissionModes: ['ask'],
    takesInstructions: false,
    effective: { mode: 'byo', providerId: 'openai', model: '' },
    network: 'proxy',
  };
}

test('an account is chosen for an agent, and the choice is taken back', async () => {
  const made = configured();
  expect(await made.run('credentials', 'use', 'openai', 'work', '--agent', 'codex')).toBe(0);
  expect(await made.run('credentials', 'use', 'openai', '--agent', 'codex')).toBe(0);
  const params = made.calls.filter(({ method }) => method === 'agents.configure').map((call) => call.params);
  expect(params).toEqual([
    { agentId: 'codex', settings: { accounts: { openai: 'work' } } },
    { agentId: 'codex', settings: { accounts: { openai: null } } },
  ]);
  expect(await made.out()).toContain('Codex uses the account work of OpenAI');
});

test('what may be a secret in the place of a name is refused and not repeated', async () => {
  const made = configured();
  expect(await made.run('credentials', 'use', 'openai', '!sk-secret', '--agent', 'codex')).toBe(2);
  expect((await made.out()) + (await made.err())).not.toContain('sk-secret');
});

test('a credential is stored under the name of an account', async () => {
  const made = configured({ input: 'sk-x' });
  await made.run('credentials', 'set', 'openai', '--account', 'work', '--json');
  expect(made.calls.find(({ method }) => method === 'credentials.set')?.params).toMatchObject({ account: 'work' });
});
