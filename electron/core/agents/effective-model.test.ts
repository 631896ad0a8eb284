import { expect, test } from 'vitest';
import { type EffectiveModelInput, effectiveModel } from './effective-model.ts';

const agentOf = (...ids: string[]) => ({
  providers: ids.map((providerId) => ({
    providerId,
    dialect: 'openai-chat' as const,
    credentials: [],
    environment: [],
  })),
});

const decide = (input: Partial<EffectiveModelInput>) =>
  effectiveModel({
    agent: agentOf('anthropic', 'openai', 'openrouter'),
    turnModel: undefined,
    auth: { mode: 'byo', model: '' },
    ownersOfModel: (model) => (model.startsWith('gpt-') ? ['openai'] : []),
    standing: () => 'none',
    ...input,
  });

const usable =
  (...ids: string[]): EffectiveModelInput['standing'] =>
  (id) =>
    ids.includes(id) ? 'usable' : 'none';

test('the turn goes before the setting, also when it asks for the default', () => {
  const auth = { mode: 'byo', model: 'gpt-5', providerId: 'openai' } as const;
  expect(decide({ auth }).auth.model).toBe('gpt-5');
  expect(decide({ auth, turnModel: 'gpt-6' }).auth.model).toBe('gpt-6');
  expect(decide({ auth, turnModel: '' }).auth.model).toBe('');
});

test('what a folder declares holds where nobody chose, and without either it is the default', () => {
  const declaredModel = 'gpt-7';
  const auth = { mode: 'byo', model: 'gpt-5' } as const;
  expect(decide({ declaredModel }).auth.model).toBe('gpt-7');
  expect(decide({ declaredModel, auth }).auth.model).toBe('gpt-5');
  expect(decide({ declaredModel, turnModel: '' }).auth.model).toBe('');
  expect(decide({}).auth.model).toBe('');
});

test('with a chosen provider a model id passes whole', () => {
  const auth = { mode: 'byo', model: 'anthropic/claude-x', providerId: 'openrouter' } as const;
  expect(decide({ auth })).toEqual({
    auth: { mode: 'byo', model: 'anthropic/claude-x' },
    provider: { state: 'derived', providerId: 'openrouter', by: 'setting' },
  });
});

test('without one, the owner of the model id is the provider', () => {
  expect(decide({ turnModel: 'gpt-5' }).provider).toEqual({ state: 'derived', providerId: 'openai', by: 'model' });
});

test('an owner that the agent cannot use does not count', () => {
  const decided = decide({ agent: agentOf('anthropic', 'google'), turnModel: 'gpt-5' });
  expect(decided.provider).toEqual({ state: 'no-credential', choices: ['anthropic', 'google'] });
});

test('without one, a provider written before the model is taken off it', () => {
  expect(decide({ turnModel: 'openrouter/z-ai/glm' })).toEqual({
    auth: { mode: 'byo', model: 'z-ai/glm' },
    provider: { state: 'derived', providerId: 'openrouter', by: 'model' },
  });
});

test('a prefix that is no provider of the agent is part of the id', () => {
  expect(decide({ turnModel: 'z-ai/glm', standing: usable('openai') })).toEqual({
    auth: { mode: 'byo', model: 'z-ai/glm' },
    provider: { state: 'derived', providerId: 'openai', by: 'credential' },
  });
});

test('a prefix with nothing after it is no provider', () => {
  const choices = ['anthropic', 'openai', 'openrouter'];
  expect(decide({ turnModel: 'openai/' })).toEqual({
    auth: { mode: 'byo', model: 'openai/' },
    provider: { state: 'no-credential', choices },
  });
});

test("the agent's own default belongs to nobody", () => {
  const asked: string[] = [];
  const ownersOfModel = (model: string) => {
    asked.push(model);
    return ['openai'];
  };
  expect(decide({ turnModel: '', ownersOfModel }).provider).toMatchObject({ state: 'no-credential' });
  expect(asked).toEqual([]);
  expect(decide({ turnModel: 'x', ownersOfModel }).provider, 'control').toMatchObject({ providerId: 'openai' });
});

test('a model of two providers of the agent is not guessed', () => {
  expect(decide({ turnModel: 'x', ownersOfModel: () => ['openai', 'openrouter'] }).provider).toMatchObject({
    state: 'no-credential',
  });
});

test('the only provider, else the only one with a credential, else those with one are named', () => {
  expect(decide({ agent: agentOf('google') }).provider).toEqual({ state: 'derived', providerId: 'google', by: 'only' });
  const byCredential = { state: 'derived', providerId: 'anthropic', by: 'credential' };
  expect(decide({ standing: usable('anthropic') }).provider).toEqual(byCredential);
  const choices = ['anthropic', 'openai', 'openrouter'];
  expect(decide({}).provider).toEqual({ state: 'no-credential', choices });
  expect(decide({ standing: usable('anthropic', 'openrouter') }).provider).toEqual({
    state: 'underivable',
    choices: ['anthropic', 'openrouter'],
  });
});

test('a credential in trouble is told as that, and gives way to one that can be used', () => {
  const troubled = (id: string) => (id === 'openai' ? 'troubled' : 'none');
  expect(decide({ standing: troubled }).provider).toMatchObject({ providerId: 'openai', by: 'credential' });
  const other = (id: string) => (id === 'anthropic' ? 'usable' : troubled(id));
  expect(decide({ standing: other }).provider).toMatchObject({ providerId: 'anthropic', by: 'credential' });
  expect(decide({ standing: other, kept: 'openai' }).provider).toMatchObject({ providerId: 'openai', by: 'kept' });
});

test('a provider that needs no credential is a choice, and no credential is called missing then', () => {
  const free = (id: string) => (id === 'openrouter' ? 'not-needed' : 'none');
  const choices = ['anthropic', 'openai', 'openrouter'];
  expect(decide({ standing: free }).provider).toEqual({ state: 'underivable', choices });
  expect(decide({ standing: free, kept: 'openrouter' }).provider).toMatchObject({ by: 'kept' });
});

test('the provider in use stays with a second credential, and goes with its own', () => {
  const kept = 'openai';
  expect(decide({ kept, standing: usable('openai', 'anthropic') }).provider).toEqual({
    state: 'derived',
    providerId: 'openai',
    by: 'kept',
  });
  expect(decide({ kept, standing: usable('anthropic') }).provider).toMatchObject({
    providerId: 'anthropic',
    by: 'credential',
  });
  expect(decide({ kept, standing: usable('anthropic', 'openrouter') }).provider).toMatchObject({
    state: 'underivable',
  });
  expect(decide({ kept: 'groq', standing: usable('anthropic') }).provider).toMatchObject({ providerId: 'anthropic' });
});

test('what was chosen, and whose model it is, go before the provider in use', () => {
  const standing = usable('openai', 'anthropic');
  const kept = 'anthropic';
  const auth = { mode: 'byo', model: '', providerId: 'openai' } as const;
  expect(decide({ kept, standing, auth }).provider).toMatchObject({ providerId: 'openai', by: 'setting' });
  expect(decide({ kept, standing, turnModel: 'gpt-5' }).provider).toMatchObject({ providerId: 'openai', by: 'model' });
});

test('a chosen provider that the agent does not have is never replaced by another', () => {
  const decided = decide({
    auth: { mode: 'byo', model: '', providerId: 'groq' },
    standing: usable('openai'),
  });
  expect(decided.provider).toEqual({ state: 'unsupported', providerId: 'groq' });
});

test('an agent without providers needs none', () => {
  expect(decide({ agent: agentOf(), turnModel: 'anything' })).toEqual({
    auth: { mode: 'byo', model: 'anything' },
    provider: { state: 'not-needed' },
  });
});

test('in managed the gateway says who answers, and the first of the allowed models is the one without a wish', () => {
  const gateway = { providerId: 'openai' };
  const auth = { mode: 'managed', gateway, allowedModels: ['gpt-5', 'gpt-6'] } as const;
  const provider = { state: 'derived', providerId: 'openai', by: 'gateway' };
  const decided = (turnModel?: string) => decide({ auth: { ...auth, allowedModels: ['gpt-5', 'gpt-6'] }, turnModel });
  expect(decided()).toEqual({ auth: { ...auth, model: 'gpt-5' }, provider });
  expect(decided('')).toEqual({ auth: { ...auth, model: 'gpt-5' }, provider });
  expect(decided('gpt-6')).toEqual({ auth: { ...auth, model: 'gpt-6' }, provider });
  // Its owner does not count: the mode decides.
  expect(decided('claude-x').provider).toEqual(provider);
  expect(decide({ auth: { mode: 'managed', gateway: { providerId: 'groq' }, allowedModels: ['x'] } }).provider).toEqual(
    { state: 'unsupported', providerId: 'groq' },
  );
});
