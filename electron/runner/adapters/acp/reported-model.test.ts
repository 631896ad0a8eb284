import { describe, expect, it } from 'vitest';
import { modelInAnswer, modelInUpdate, modelOfConversation } from './reported-model.ts';

const option = (currentValue: unknown) => ({ id: 'model', category: 'model', type: 'select', currentValue });

describe('what agents tell of their model', () => {
  it('is the current value of the choice of a model', () => {
    expect(modelOfConversation({ configOptions: [{ category: 'mode', currentValue: 'auto' }, option('a/b')] })).toBe(
      'a/b',
    );
    expect(modelOfConversation({ models: { currentModelId: 'gemini-2.5-pro' } })).toBe('gemini-2.5-pro');
  });

  it.each([
    { configOptions: [option('default')] },
    { models: { currentModelId: 'auto' } },
    { configOptions: [option(3)] },
    { configOptions: [option(' ')] },
    { configOptions: [option('x'.repeat(257))] },
    { configOptions: 'none' },
    {},
    null,
  ])('is nothing where it names none: %j', (opened) => {
    expect(modelOfConversation(opened)).toBeUndefined();
  });

  it('comes with updates', () => {
    const usage = { sessionUpdate: 'usage_update', used: 1, size: 2, _meta: { '_claude/model': 'claude-opus-5-5' } };
    expect(modelInUpdate(usage)).toEqual({ used: 'claude-opus-5-5' });
    expect(modelInUpdate({ sessionUpdate: 'config_option_update', configOptions: [option('m')] })).toEqual({
      set: 'm',
    });
    expect(modelInUpdate({ sessionUpdate: 'plan' })).toEqual({});
    expect(modelInUpdate(7)).toEqual({});
  });

  it('comes with the answer, where the one that wrote it is told from those that chose a title', () => {
    const answer = (model_usage: unknown) => ({ stopReason: 'end_turn', _meta: { quota: { model_usage } } });
    const small = { model: 'flash-lite', token_count: { output_tokens: 3 } };
    expect(modelInAnswer(answer([small, { model: 'pro', token_count: { output_tokens: 40 } }]))).toBe('pro');
    expect(modelInAnswer(answer([{ model: 'gpt-6.1-sol', token_count: { outputTokens: 4 } }]))).toBe('gpt-6.1-sol');
    expect(modelInAnswer(answer([]))).toBeUndefined();
    expect(modelInAnswer({ stopReason: 'end_turn', _meta: {} })).toBeUndefined();
  });
});
