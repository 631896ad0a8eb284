import { expect, test } from 'vitest';
import { ownsModel } from './model-owner.ts';

test.each([
  ['claude-*', 'claude-opus-5-5', true],
  ['claude-*', 'anthropic/claude-opus-5-5', false],
  ['claude-*', 'Claude-x', false],
  ['o3', 'o3', true],
  ['o3', 'o3-mini', false],
  ['*.anthropic.*', 'us.anthropic.claude', true],
  ['*.anthropic.*', 'anthropic.claude', false],
  ['claude-*@*', 'claude-opus@default', true],
  ['a*a', 'a', false],
  ['a*b*a', 'aba', true],
  ['a*b*b*a', 'aba', false],
])('%s owns %s: %s', (pattern, model, expected) => {
  expect(ownsModel([pattern], model)).toBe(expected);
});
