import type { MethodName, Params, Result } from '../../shared/contract/methods.ts';
import type { ModelInfo } from '../../shared/model/model-info.ts';
import { NOW } from './fixtures.ts';

type Answers = { [M in MethodName]?: (params: Params<M>) => Result<M> };

const model = (id: string, name: string, patch: Partial<ModelInfo> = {}): ModelInfo => ({
  id,
  name,
  context: 1_000_000,
  price: { input: 5, output: 25 },
  toolCall: true,
  reasoning: true,
  ...patch,
});

const KNOWN: Readonly<Record<string, readonly ModelInfo[]>> = {
  anthropic: [
    model('claude-opus-5', 'Claude Opus 5'),
    model('claude-sonnet-5', 'Claude Sonnet 5', { price: { input: 2, output: 10 } }),
    model('claude-haiku-4-5', 'Claude Haiku 4.5', { context: 200_000, price: { input: 1, output: 5 } }),
  ],
  openai: [model('gpt-5.4', 'GPT 5.4', { context: 400_000 })],
};

/** One agent whose provider lists, one that has no credential, one whose provider does not answer. */
export function modelAnswers(): Answers {
  return {
    'providers.models': ({ providerId }) => ({ models: [...(KNOWN[providerId] ?? [])] }),
    'agents.recentModels': ({ agentId }) => ({
      models:
        agentId === 'opencode'
          ? [
              { model: 'claude-sonnet-5', providerId: 'anthropic' },
              { model: 'z-ai/glm-5.3', providerId: 'openrouter' },
            ]
          : [],
    }),
    'agents.liveModels': ({ agentId }) => {
      if (agentId === 'codex') return { live: { state: 'no-credential' } };
      if (agentId === 'claude-code') {
        const live = { state: 'could-not-check', reason: 'unreachable', cause: 'ECONNREFUSED' } as const;
        return { live: { ...live, providerId: 'anthropic', checkedAt: NOW } };
      }
      const models = [
        { id: 'claude-opus-5' },
        { id: 'claude-haiku-4-5' },
        { id: 'claude-next-preview', name: 'Claude Next (preview)' },
      ];
      return { live: { state: 'listed', providerId: 'anthropic', models, checkedAt: NOW } };
    },
  };
}
