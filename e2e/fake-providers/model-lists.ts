import type { DialectName } from './dialect.ts';

const MODELS = ['fake-model'];

/** The lists behind `GET …/models`, which also serve as liveness requests. */
export function modelList(dialect: DialectName): unknown {
  switch (dialect) {
    case 'anthropic-messages':
      return {
        data: MODELS.map((id) => ({ type: 'model', id, display_name: id, created_at: '2026-01-01T00:00:00Z' })),
        has_more: false,
        first_id: MODELS[0],
        last_id: MODELS.at(-1),
      };
    case 'gemini':
      return {
        models: MODELS.map((id) => ({ name: `models/${id}`, supportedGenerationMethods: ['generateContent'] })),
      };
    case 'openai-responses':
    case 'openai-chat':
      return { object: 'list', data: MODELS.map((id) => ({ id, object: 'model', created: 1, owned_by: 'fake' })) };
  }
}
