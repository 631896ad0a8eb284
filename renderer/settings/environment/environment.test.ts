import { expect, test } from 'vitest';
import type { ProviderView } from '../../../shared/model/provider.ts';
import type { VariableView } from '../../../shared/model/variable.ts';
import { chosenOf, having, initialChoice, withOutcomes } from './choice.ts';
import { EMPTY_DRAFT, judge } from './draft.ts';
import { listed, overlapsOf } from './overlaps.ts';

const variable = (name: string, scope: VariableView['scope'], change: Partial<VariableView> = {}): VariableView => ({
  variableId: crypto.randomUUID(),
  name,
  scope,
  storage: 'plain',
  shown: 'value',
  createdAt: 1,
  updatedAt: 1,
  ...change,
});
const GLOBAL = { kind: 'global' } as const;
const AGENT = { kind: 'agent', agentId: 'codex' } as const;
const everywhere = variable('A', GLOBAL);
const project = variable('A', { kind: 'project', projectDir: '/p' });
const agent = variable('A', AGENT);
const all = [everywhere, project, agent, variable('SECRET', GLOBAL, { storage: 'keychain', shown: '••••needle' })];

test('what hides what, narrowest first', () => {
  expect(overlapsOf(agent, all)).toEqual({ hides: [project, everywhere], hiddenBy: [] });
  expect(overlapsOf(project, all)).toEqual({ hides: [everywhere], hiddenBy: [agent] });
  expect(overlapsOf(everywhere, all)).toEqual({ hides: [], hiddenBy: [agent, project] });
});

test('the list of a place has the global ones apart; a search looks into no secret', () => {
  expect(listed(all, AGENT, '').here).toEqual([agent]);
  expect(listed(all, AGENT, '').also.map(({ name }) => name)).toEqual(['A', 'SECRET']);
  expect(listed(all, GLOBAL, 'secr').here).toHaveLength(1);
  expect(listed(all, GLOBAL, 'needle').here).toEqual([]);
  expect(listed(all, GLOBAL, 'VALUE').here).toEqual([everywhere]);
});

test('the draft is judged as the core judges it', () => {
  const openai = {
    name: 'OpenAI',
    credentialAlternatives: [['OPENAI_API_KEY']],
    keyShapes: [],
  } as unknown as ProviderView;
  const of = (name: string, value = 'x', ofScope: VariableView[] = []) =>
    judge({ ...EMPTY_DRAFT, name, value }, { providers: [openai], ofScope, scope: 'global' });
  expect(of('')).toMatchObject({ name: undefined, complete: false });
  expect(of('MINE').complete).toBe(true);
  expect(of('MINE', '').complete).toBe(false);
  expect(of('LD_PRELOAD').name?.code).toBe('VARIABLE_RESERVED');
  expect(of('1X').name?.code).toBe('VARIABLE_NAME_INVALID');
  expect(of('OPENAI_BASE_URL').name?.code).toBe('VARIABLE_OF_PROVIDER');
  expect(of('OPENAI_API_KEY')).toMatchObject({ provider: openai, name: undefined, complete: true });
  expect(of('MINE', 'x'.repeat(64 * 1024 + 1)).value?.code).toBe('VARIABLE_TOO_LARGE');
  const full = Array.from({ length: 200 }, (_, at) => variable(`A${at}`, GLOBAL));
  expect(of('MINE', 'x', full).room?.code).toBe('VARIABLES_TOO_MANY');
  expect(of('A0', 'x', full).complete).toBe(true);
});

test('a value that is kept readable is said to look like a secret, by its name or its shape', () => {
  const shapes = [{ prefix: 'sk-proj-', pattern: '^sk-proj-[A-Za-z0-9]{8,}$' }];
  const provider = { name: 'OpenAI', credentialAlternatives: [], keyShapes: shapes } as unknown as ProviderView;
  const of = (name: string, value: string, secret = false) =>
    judge({ ...EMPTY_DRAFT, name, value, secret }, { providers: [provider], ofScope: [], scope: 'global' });
  expect(of('MY_TOKEN', 'x')).toMatchObject({ looksSecret: 'name', complete: true });
  expect(of('MINE', 'Bearer sk-proj-12345678')).toMatchObject({ looksSecret: 'value', complete: true });
  expect(of('TOKENIZERS', 'false').looksSecret).toBeUndefined();
  expect(of('MY_TOKEN', '').looksSecret).toBeUndefined();
  expect(of('MY_TOKEN', 'x', true).looksSecret).toBeUndefined();
});

test('of a text everything that can be stored is chosen, as secrets, until it is stored', () => {
  const problem = { code: 'VARIABLE_RESERVED' as const, values: {} };
  const candidates = [
    { name: 'A', masked: '' },
    { name: 'PATH', masked: '', problem },
    { name: 'B', masked: '' },
  ];
  const first = initialChoice(candidates);
  expect(chosenOf(candidates, { ...first, plain: having(first.plain, 'B', true) })).toEqual([
    { name: 'A', storage: 'keychain' },
    { name: 'B', storage: 'plain' },
  ]);
  const after = withOutcomes(first, [
    { outcome: 'stored', name: 'A', storedAs: 'variable' },
    { outcome: 'failed', name: 'B', error: problem },
  ]);
  expect(chosenOf(candidates, after).map(({ name }) => name)).toEqual(['B']);
  expect(chosenOf(candidates, { ...after, ticked: having(after.ticked, 'B', false) })).toEqual([]);
});
