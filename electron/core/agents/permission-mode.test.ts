import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadAgents } from './load.ts';
import { inPermissionMode, permissionModeOf, permissionModesOf, turnRules } from './permission-mode.ts';

const agents = loadAgents(join(import.meta.dirname, '../../../resources'));
const agent = (agentId: string) => {
  const found = agents.find((one) => one.agentId === agentId);
  if (found === undefined) throw new Error(`no ${agentId}`);
  return found;
};
const settings = { auth: { mode: 'byo', model: '' }, sandbox: 'on' } as const;

test('the turn decides before the agent, and nobody else than ask', () => {
  const claude = agent('claude-code');
  const mode = (own: 'plan' | undefined, asked: 'execute' | undefined) =>
    permissionModeOf(claude, { settings: own === undefined ? {} : { permissionMode: own }, asked });
  expect([mode(undefined, undefined), mode('plan', undefined), mode('plan', 'execute')]).toEqual([
    'ask',
    'plan',
    'execute',
  ]);
});

test('every agent says what it can, and the rest is refused with it', () => {
  expect(Object.fromEntries(agents.map((one) => [one.agentId, permissionModesOf(one)]))).toMatchObject({
    'claude-code': ['plan', 'ask', 'execute'],
    codex: ['plan', 'ask', 'execute'],
    opencode: ['plan', 'ask', 'execute'],
    gemini: ['plan', 'ask', 'execute'],
    goose: ['ask', 'execute'],
    demo: ['ask', 'execute'],
  });
  expect(() => permissionModeOf(agent('goose'), { settings: {}, asked: 'plan' })).toThrow(
    expect.objectContaining({
      code: 'PERMISSION_MODE_UNSUPPORTED',
      values: expect.objectContaining({ mode: 'plan', supported: 'ask, execute' }),
    }),
  );
});

test('an agent that takes the mode at its start has it in its environment', () => {
  const modeOf = (mode: 'ask' | 'execute') =>
    inPermissionMode(agent('goose'), mode).environment.find(({ name }) => name === 'GOOSE_MODE')?.value;
  expect([modeOf('ask'), modeOf('execute')]).toEqual(['approve', 'auto']);
});

test('the rules of a turn are its mode and the limits of the agent', () => {
  const limits = { maxMinutes: 5, maxToolCalls: 20 };
  expect(turnRules(agent('opencode'), { settings: { ...settings, ...limits }, mode: 'execute' })).toEqual({
    mode: 'execute',
    modeId: 'build',
    allows: true,
    ...limits,
  });
  expect(turnRules(agent('goose'), { settings, mode: 'ask' })).toEqual({ mode: 'ask' });
});
