/**
 * What the fake does with a request that it understood. Chosen by the credential, else by the model's name.
 * `rejected`: the list of models is given, model calls are refused as with a wrong key (a key that just died).
 */
export const BEHAVIOURS = ['answer', 'rejected', 'rate-limited', 'no-credit', 'server-error', 'cut', 'hang'] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

/** A model whose name ends in `fake-<behaviour>` asks for it: `fake-cut`, `openai/fake-hang`. */
export function behaviourOfModel(model: string): Behaviour {
  return BEHAVIOURS.find((behaviour) => model.endsWith(`fake-${behaviour}`)) ?? 'answer';
}

export interface ToolCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What the fake says: words in chunks, or a tool call. */
export type Reply =
  | { readonly kind: 'text'; readonly chunks: readonly string[] }
  | { readonly kind: 'tool'; readonly call: ToolCall };

/** What a dialect found in a request's body. */
export interface Conversation {
  readonly model: string;
  readonly stream: boolean;
  /** The text of the last user message. */
  readonly prompt: string;
  /** Set when the last thing in the conversation is a tool's result. */
  readonly toolResult: string | undefined;
  /** Set when the client asks for JSON of a schema. */
  readonly schema: unknown;
  readonly tools: readonly string[];
}

/** `CALL_TOOL <name> <json>` in the prompt makes one tool call, and then the tool's result is told back. */
const CALL_TOOL = /CALL_TOOL\s+([\w.:-]+)\s+(\{.*\})/s;

/** `SAY: <text>` is answered with that text and the word. */
const SAY = /SAY: ([^\n]+)/;

export function replyTo(conversation: Conversation, knownWord: string): Reply {
  const { prompt, toolResult, schema } = conversation;
  if (schema !== undefined) return { kind: 'text', chunks: [JSON.stringify(sample(schema))] };
  if (toolResult !== undefined)
    return { kind: 'text', chunks: ['TOOL-DONE: ', toolResult.slice(0, 500), ` ${knownWord}`] };
  const wanted = CALL_TOOL.exec(prompt);
  if (wanted?.[1] !== undefined && wanted[2] !== undefined) {
    return { kind: 'tool', call: { name: wanted[1], input: JSON.parse(wanted[2]) as Record<string, unknown> } };
  }
  const said = SAY.exec(prompt);
  if (said?.[1] !== undefined) return { kind: 'text', chunks: [said[1], ` ${knownWord}`] };
  const middle = Math.ceil(knownWord.length / 2);
  return { kind: 'text', chunks: ['The word is ', knownWord.slice(0, middle), knownWord.slice(middle)] };
}

/** A value that fits a JSON schema, as small as can be. */
function sample(schema: unknown): unknown {
  const {
    type,
    enum: choices,
    properties,
    required,
  } = (schema ?? {}) as {
    type?: string | string[];
    enum?: unknown[];
    properties?: Record<string, unknown>;
    required?: string[];
  };
  if (choices !== undefined) return choices[0];
  switch ((Array.isArray(type) ? type[0] : type)?.toLowerCase()) {
    case 'object':
      return Object.fromEntries(
        (required ?? Object.keys(properties ?? {})).map((key) => [key, sample(properties?.[key])]),
      );
    case 'array':
      return [];
    case 'number':
    case 'integer':
      return 0;
    case 'boolean':
      return false;
    default:
      return 'fake';
  }
}
