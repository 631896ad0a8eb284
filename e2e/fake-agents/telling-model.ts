import { answer, say, serve } from './acp.ts';

/**
 * Tells which model and which provider it was started with, in JSON: by its environment, by `session/set_model` or by a
 * configuration option. Goes on with a conversation in another process, of which it knows nothing but that.
 */
const [, , resumed = 'resume'] = process.argv;
let byProtocol: string | null = null;
let isResumed = false;

const configOptions = [
  { id: 'brain', name: 'Model', type: 'select', category: 'model', currentValue: 'a', options: [] },
];

serve({
  initialize: (message) =>
    answer(message, {
      protocolVersion: 1,
      agentCapabilities: { sessionCapabilities: { [resumed]: {} } },
      agentInfo: { name: 'telling-model', version: '1' },
    }),
  'session/new': (message) => answer(message, { sessionId: `conversation-${process.pid}`, configOptions }),
  'session/resume': (message) => {
    isResumed = true;
    answer(message, { configOptions });
  },
  'session/set_model': (message) => {
    byProtocol = (message.params as { modelId: string }).modelId;
    answer(message, {});
  },
  'session/set_config_option': (message) => {
    byProtocol = (message.params as { value: string }).value;
    answer(message, { configOptions });
  },
  'session/prompt': (message) => {
    const { ACME_MODEL: model = null, ACME_PROVIDER: provider = null } = process.env;
    say(JSON.stringify({ model, byProtocol, provider, isResumed }));
    answer(message, { stopReason: 'end_turn' });
  },
});
