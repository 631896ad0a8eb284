import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AgentDefinition } from '../../../../shared/model/agent-definition.ts';
import { createManualClock } from '../../runner-host/testing/manual-clock.ts';
import { type Database, openDatabase } from '../../storage/database/database.ts';
import { createUserAgents, refuseNotOwn } from './user-agent-service.ts';
import { createUserAgentStore } from './user-agent-store.ts';

let database: Database;
let invalid: string[];

beforeEach(() => {
  const random = { uuid: () => 'x', fraction: () => 0 };
  database = openDatabase({ file: ':memory:', clock: createManualClock(), random });
  invalid = [];
});
afterEach(() => database.close());

function create() {
  return createUserAgents({
    store: createUserAgentStore({ database, clock: createManualClock(), onInvalid: (id) => void invalid.push(id) }),
    builtIns: [{ agentId: 'codex', name: 'Codex', providers: [] }],
    provider: () => ({ name: 'OpenAI' }),
    names: { isRouting: (name) => name === 'OPENAI_BASE_URL', isCredential: (name) => name === 'OPENAI_API_KEY' },
    looksSecret: (text) => text.includes('sk-'),
  });
}

const MINE: AgentDefinition = {
  agentId: 'mine',
  name: 'Mine',
  description: '',
  runs: { kind: 'program', command: ['my-agent', '--acp'] },
  model: '',
  variables: { DEPTH: '3' },
};

test('an agent is kept, changed, and removed', () => {
  let changes = 0;
  const agents = create();
  agents.onChange(() => {
    changes += 1;
  });
  agents.add(MINE);
  expect(create().list()).toEqual([MINE]);
  const view = { agentId: 'mine', name: 'Mine', origin: { kind: 'user' as const, definition: MINE } };
  agents.change({ ...MINE, name: 'Other' }, view);
  expect(create().list()).toEqual([{ ...MINE, name: 'Other' }]);
  agents.remove('mine');
  expect([create().list(), changes]).toEqual([[], 3]);
});

test.each<[string, Partial<AgentDefinition>]>([
  ['AGENT_ID_TAKEN', { agentId: 'codex' }],
  ['AGENT_ID_TAKEN', { agentId: 'present' }],
  ['AGENT_BASE_UNKNOWN', { runs: { kind: 'variant', of: 'nobody' } }],
  ['AGENT_PROVIDER_UNSUPPORTED', { runs: { kind: 'variant', of: 'codex' }, providerId: 'openai' }],
  ['VARIABLE_RESERVED', { variables: { LD_PRELOAD: 'x' } }],
  ['VARIABLE_OF_PROVIDER', { variables: { OPENAI_BASE_URL: 'x' } }],
  ['VARIABLE_OF_PROVIDER', { variables: { OPENAI_API_KEY: 'x' } }],
  ['AGENT_VARIABLE_SECRET', { variables: { NOTE: 'sk-canary' } }],
  ['AGENT_VARIABLE_SECRET', { variables: { DB_PASSWORD: 'hunter2' } }],
  ['AGENT_COMMAND_SECRET', { runs: { kind: 'program', command: ['x', '--key', 'sk-canary'] } }],
])('%s: %j is refused, and nothing of it kept or repeated', (code, change) => {
  const agents = create();
  agents.add({ ...MINE, agentId: 'present' });
  let error: unknown;
  try {
    agents.add({ ...MINE, ...change });
  } catch (caught) {
    error = caught;
  }
  expect(error).toMatchObject({ code });
  expect(JSON.stringify(error)).not.toMatch(/canary|hunter2/);
  expect(agents.list()).toHaveLength(1);
});

test('only an own agent is changed here', () => {
  const declared = { kind: 'declared' as const, file: '/p/perch.toml', definition: MINE };
  expect(() => refuseNotOwn({ agentId: 'codex', name: 'Codex' })).toThrow('AGENT_BUILT_IN');
  expect(() => refuseNotOwn({ agentId: 'mine', name: 'Mine', origin: declared })).toThrow('DECLARED_READ_ONLY');
});

test('what is stored and not understood is told once, left out, and left alone', () => {
  database.sql.exec(
    `INSERT INTO user_agent (agent_id, definition, created_at) VALUES ('odd', '{"agentId":"odd"}', 1), ('broken', '{', 2)`,
  );
  const agents = create();
  expect([agents.list(), invalid]).toEqual([[], ['odd', 'broken']]);
  agents.add(MINE);
  expect(invalid).toHaveLength(2);
  expect(database.sql.prepare('SELECT count(*) AS n FROM user_agent').get()).toEqual({ n: 3 });
});

test('why an agent cannot start is kept over a restart, until a session of it starts, another way is known, or it goes', () => {
  let changes = 0;
  const agents = create();
  agents.add(MINE);
  agents.onChange(() => {
    changes += 1;
  });
  const problem = { code: 'AGENT_SCRIPT_HIDDEN', values: { agent: 'Mine', file: '/opt/x.mjs' } } as const;
  agents.setProblem('mine', problem);
  expect(create().problem('mine')).toEqual(problem);
  agents.started('other');
  expect(agents.problem('mine')).toEqual(problem);
  agents.started('mine');
  agents.started('mine');
  expect([agents.problem('mine'), create().problem('mine'), changes]).toEqual([undefined, undefined, 2]);
  agents.setProblem('mine', problem);
  agents.remove('mine');
  agents.add(MINE);
  expect(agents.problem('mine')).toBeUndefined();
});
