import { answer, type Message, promptText, refuse, say, serve, update } from './acp.ts';

/**
 * Does what its prompt says, in JSON: `{"say": [...], "updates": [...], "tool": true, "stopReason": "...",
 * "error": {...}, "stderr": "...", "model": true}`. Anything else it repeats. Obeys a cancel.
 */
interface Script {
  readonly say?: readonly string[];
  readonly updates?: readonly object[];
  readonly tool?: boolean;
  readonly stopReason?: string;
  readonly usage?: object;
  readonly error?: { code: number; message: string; data?: unknown };
  readonly stderr?: string;
  /** Says the value of the environment variable of this name. */
  readonly sayVariable?: string;
  readonly wait?: boolean;
}

let waiting: Message | undefined;
let model = 'none';
let meta: unknown;

function play(message: Message): void {
  const script = parse(promptText(message));
  if (script.stderr !== undefined) process.stderr.write(`${script.stderr}\n`);
  for (const item of script.updates ?? []) update(item);
  if (script.tool) update({ sessionUpdate: 'tool_call', toolCallId: '1', title: 'a tool', kind: 'other' });
  for (const text of script.say ?? []) say(text);
  const value = script.sayVariable === undefined ? undefined : (process.env[script.sayVariable] ?? '');
  // In two pieces, so that no single one is the whole value.
  if (value !== undefined) for (const piece of [value.slice(0, 5), value.slice(5)]) say(piece);
  if (script.wait) waiting = message;
  else if (script.error !== undefined) refuse(message, script.error);
  else answer(message, { stopReason: script.stopReason ?? 'end_turn', ...(script.usage && { usage: script.usage }) });
}

function parse(text: string): Script {
  if (text === 'model') return { say: [model] };
  if (text === 'meta') return { say: [JSON.stringify(meta) ?? 'none'] };
  return text.startsWith('{') ? (JSON.parse(text) as Script) : { say: [text] };
}

serve({
  'session/new': (message) => {
    meta = (message.params as { _meta?: unknown })._meta;
    answer(message, {
      sessionId: 'fake-session',
      configOptions: [
        { id: 'speed', name: 'Speed', type: 'select', category: 'mode', currentValue: 'a', options: [] },
        { id: 'brain', name: 'Model', type: 'select', category: 'model', currentValue: 'a', options: [] },
      ],
    });
  },
  'session/set_config_option': (message) => {
    const { configId, value } = message.params as { configId: string; value: string };
    model = `${configId}=${value}`;
    answer(message, { configOptions: [] });
  },
  'session/set_model': (message) => {
    const { modelId } = message.params as { modelId: string };
    if (modelId === 'unknown') return refuse(message, { code: -32602, message: 'no such model: unknown' });
    model = modelId;
    answer(message, {});
  },
  'session/prompt': play,
  'session/cancel': () => {
    if (waiting !== undefined) answer(waiting, { stopReason: 'cancelled' });
    waiting = undefined;
  },
});
