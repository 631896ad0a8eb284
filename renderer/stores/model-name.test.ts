import { describe, expect, test } from 'vitest';
import { agent, turn } from '../dev/fixtures.ts';
import { defaultModelName, turnModelName } from './model-name.ts';

const t = (key: string, values: Record<string, unknown> = {}) => `${key} ${Object.values(values).join(' ')}`.trim();

describe('the model of a turn', () => {
  test.each([
    [{ model: '', reportedModel: 'claude-opus-5-5' }, 'model.default claude-opus-5-5'],
    [{ model: '', status: 'running' as const }, 'model.providerDefault'],
    [{ model: '', status: 'completed' as const }, 'model.notReported'],
    [{ model: 'gpt-5' }, 'gpt-5'],
    [{ model: 'gpt-5', reportedModel: 'openai/gpt-5' }, 'gpt-5'],
    [{ model: 'sonnet', reportedModel: 'claude-sonnet-5-5' }, 'model.answeredBy sonnet claude-sonnet-5-5'],
  ])('%j', (patch, name) => {
    expect(turnModelName(turn(1, { providerId: 'anthropic', ...patch }), t)).toBe(name);
  });
});

describe('the default of the next turn', () => {
  const one = agent({ agentId: 'claude-code', name: 'Claude Code' });
  const told = turn(1, { agentId: 'claude-code', providerId: 'anthropic', model: '', reportedModel: 'm' });

  test('has no name before a turn reported one', () => {
    expect(defaultModelName(one, [], t)).toBe('model.providerDefault');
    const { reportedModel: _, ...silent } = told;
    expect(defaultModelName(one, [silent], t)).toBe('model.providerDefault');
  });

  test('has the name that the last turn of the same agent and provider reported', () => {
    expect(defaultModelName(one, [told], t)).toBe('model.default m');
    expect(defaultModelName(one, [{ ...told, model: 'chosen' }], t)).toBe('model.providerDefault');
    expect(defaultModelName(one, [{ ...told, providerId: 'other' }], t)).toBe('model.providerDefault');
    expect(defaultModelName(one, [{ ...told, agentId: 'other' }], t)).toBe('model.providerDefault');
  });
});
