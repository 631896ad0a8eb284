import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  type AgentAuth,
  type AgentAuthPatch,
  agentAuthPatchSchema,
  agentAuthSchema,
  modelsOf,
  type SessionAuth,
  sessionAuthSchema,
} from './auth.ts';

const gateway = { providerId: 'openai' };

describe('what goes together parses', () => {
  test.each([
    { mode: 'byo', model: '' },
    { mode: 'byo', model: 'anthropic/claude-x', providerId: 'openrouter' },
    { mode: 'managed', gateway, allowedModels: ['gpt-5'] },
    { mode: 'managed', gateway, allowedModels: ['gpt-5', 'gpt-6'] },
  ])('%j', (auth) => {
    expect(agentAuthSchema.parse(auth)).toEqual(auth);
    expect(agentAuthPatchSchema.parse(auth)).toEqual(auth);
  });
});

describe('what does not, does not', () => {
  const wrong = [
    {},
    { model: '' },
    { mode: 'other', model: '' },
    { mode: 'byo', model: '', gateway },
    { mode: 'byo', model: '', gateway: null },
    { mode: 'byo', model: '', allowedModels: ['gpt-5'] },
    { mode: 'byo', model: '', else: 1 },
    { mode: 'managed', allowedModels: ['gpt-5'] },
    { mode: 'managed', gateway },
    { mode: 'managed', gateway, allowedModels: [] },
    { mode: 'managed', gateway, allowedModels: [' '] },
    { mode: 'managed', gateway, allowedModels: Array(101).fill('gpt-5') },
    { mode: 'managed', gateway: {}, allowedModels: ['gpt-5'] },
    { mode: 'managed', gateway, allowedModels: ['gpt-5'], model: 'gpt-5' },
    { mode: 'managed', gateway, allowedModels: ['gpt-5'], providerId: 'openai' },
  ];
  test.each(wrong)('as a setting: %j', (auth) => {
    expect(agentAuthSchema.safeParse(auth).success).toBe(false);
  });
  test.each(wrong.slice(2))('as a change: %j', (auth) => {
    expect(agentAuthPatchSchema.safeParse(auth).success).toBe(false);
  });
  test.each([
    { mode: 'byo' },
    { mode: 'byo', model: '', gateway },
    { mode: 'managed', model: 'gpt-5', allowedModels: ['gpt-5'] },
    { mode: 'managed', model: 'gpt-5', gateway },
    { mode: 'managed', model: '', gateway, allowedModels: ['gpt-5'] },
    { mode: 'managed', model: 'gpt-6', gateway, allowedModels: ['gpt-5'] },
  ])('as a session: %j', (auth) => {
    expect(sessionAuthSchema.safeParse(auth).success).toBe(false);
  });
  test('as a session what goes together does', () => {
    const session = { mode: 'managed', model: 'gpt-6', gateway, allowedModels: ['gpt-5', 'gpt-6'] };
    expect(sessionAuthSchema.parse(session)).toEqual(session);
    expect(sessionAuthSchema.parse({ mode: 'byo', model: '' })).toEqual({ mode: 'byo', model: '' });
  });
});

test('the chosen ids of models', () => {
  expect(modelsOf({ mode: 'byo', model: '' })).toEqual([]);
  expect(modelsOf({ mode: 'byo', model: 'x' })).toEqual(['x']);
  expect(modelsOf({ mode: 'managed', gateway, allowedModels: ['x', 'y'] })).toEqual(['x', 'y']);
});

test('a wrong pair does not compile', () => {
  type Byo = Extract<AgentAuth, { mode: 'byo' }>;
  type Managed = Extract<AgentAuth, { mode: 'managed' }>;
  expectTypeOf<Managed['allowedModels']>().toEqualTypeOf<[string, ...string[]]>();
  expectTypeOf<Managed['gateway']>().toEqualTypeOf<{ providerId: string }>();
  expectTypeOf<Byo['gateway']>().toEqualTypeOf<undefined>();
  expectTypeOf<Byo['allowedModels']>().toEqualTypeOf<undefined>();
  expectTypeOf<Managed['model']>().toEqualTypeOf<undefined>();

  // @ts-expect-error byo forbids a gateway
  const withGateway: AgentAuth = { mode: 'byo', model: '', gateway };
  const leftOver = { mode: 'byo' as const, model: '', gateway };
  // @ts-expect-error nor is one let in where it was left over
  const alsoLeftOver: AgentAuth = leftOver;
  // @ts-expect-error managed needs a gateway
  const withoutGateway: AgentAuth = { mode: 'managed', allowedModels: ['x'] };
  // @ts-expect-error managed needs at least one model
  const withoutModels: AgentAuth = { mode: 'managed', gateway, allowedModels: [] };
  // @ts-expect-error managed has no model of its own
  const withModel: AgentAuth = { mode: 'managed', gateway, allowedModels: ['x'], model: 'x' };
  // @ts-expect-error a change to managed is given whole
  const half: AgentAuthPatch = { mode: 'managed', gateway };
  // @ts-expect-error a session of byo has no gateway either
  const session: SessionAuth = { mode: 'byo', model: '', gateway };
  // @ts-expect-error and one of managed cannot be without
  const managedSession: SessionAuth = { mode: 'managed', model: 'x', allowedModels: ['x'] };
  const all = [withGateway, alsoLeftOver, withoutGateway, withoutModels, withModel, half, session, managedSession];
  expect(all).toHaveLength(8);
});
