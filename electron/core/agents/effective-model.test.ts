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
    settings: { model: '' },
    ownersOfModel: (model) => (model.startsWith('gpt-') ? ['openai'] : []),
    hasCredential: () => false,
    ...input,
  });

test('the turn goes before the setting, also when it asks for the default', () => {
  const settings = { model: 'gpt-5', providerId: 'openai' };
  expect(decide({ settings }).model).toBe('gpt-5');
  expect(decide({ settings, turnModel: 'gpt-6' }).model).toBe('gpt-6');
  expect(decide({ settings, turnModel: '' }).model).toBe('');
});

test('with a chosen provider a model id passes whole', () => {
  const settings = { model: 'anthropic/claude-x', providerId: 'openrouter' };
  expect(decide({ settings })).toEqual({
    model: 'anthropic/claude-x',
    provider: { state: 'derived', providerId: 'openrouter', by: 'setting' },
  });
});

test('without one, the owner of the model id is the provider', () => {
  expect(decide({ turnModel: 'gpt-5' }).provider).toEqual({ state: 'derived', providerId: 'openai', by: 'model' });
});

test('an owner that the agent cannot use does not count', () => {
  const decided = decide({ agent: agentOf('anthropic', 'google'), turnModel: 'gpt-5' });
  expect(decided.provider).toEqual({ state: 'underivable', choices: ['anthropic', 'google'] });
});

test('without one, a provider written before the model is taken off it', () => {
  expect(decide({ turnModel: 'openrouter/z-ai/glm' })).toEqual({
    model: 'z-ai/glm',
    provider: { state: 'derived', providerId: 'openrouter', by: 'model' },
  });
});

test('a prefix that is no provider of the agent is part of the id', () => {
  expect(decide({ turnModel: 'z-ai/glm', hasCredential: (id) => id === 'openai' })).toEqual({
    model: 'z-ai/glm',
    provider: { state: 'derived', providerId: 'openai', by: 'credential' },
  });
});

test('a prefix with nothing after it is no provider', () => {
  const choices = ['anthropic', 'openai', 'openrouter'];
  expect(decide({ turnModel: 'openai/' })).toEqual({
    model: 'openai/',
    provider: { state: 'underivable', choices },
  });
});

test("the agent's own default belongs to nobody", () => {
  const asked: string[] = [];
  const ownersOfModel = (model: string) => {
    asked.push(model);
    return ['openai'];
  };
  expect(decide({ turnModel: '', ownersOfModel }).provider).toMatchObject({ state: 'underivable' });
  expect(asked).toEqual([]);
  expect(decide({ turnModel: 'x', ownersOfModel }).provider, 'control').toMatchObject({ providerId: 'openai' });
});

test('a model of two providers of the agent is not guessed', () => {
  expect(decide({ turnModel: 'x', ownersOfModel: () => ['openai', 'openrouter'] }).provider).toMatchObject({
    state: 'underivable',
  });
});

test('the only provider, else the only one with a credential, else the choices are named', () => {
  expect(decide({ agent: agentOf('google') }).provider).toEqual({ state: 'derived', providerId: 'google', by: 'only' });
  expect(decide({ hasCredential: (id) => id === 'anthropic' }).provider).toMatchObject({ providerId: 'anthropic' });
  const choices = ['anthropic', 'openai', 'openrouter'];
  expect(decide({}).provider).toEqual({ state: 'underivable', choices });
  expect(decide({ hasCredential: (id) => id !== 'openai' }).provider).toEqual({ state: 'underivable', choices });
});

test('a chosen provider that the agent does not have is never replaced by another', () => {
  const decided = decide({ settings: { model: '', providerId: 'groq' }, hasCredential: (id) => id === 'openai' });
  expect(decided.provider).toEqual({ state: 'unsupported', providerId: 'groq' });
});

test('an agent without providers needs none', () => {
  expect(decide({ agent: agentOf(), turnModel: 'anything' })).toEqual({
    model: 'anything',
    provider: { state: 'not-needed' },
  });
});
