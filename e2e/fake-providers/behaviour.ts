/**
^ * The fake does this with a request that it understood. Chosen by the credential, else by the prompt, else by the
 * model's name. A refused connection is none of them: `nothingListens` gives an address for it.
 */
const BEHAVIOURS = [
  'answer',
  /** The list of models is given, model calls are refused as with a wrong key (a key that just died). */
  'rejected',
  /** 403: the key is good, and may not use this model. */
  'forbidden',
  /** 404: the provider has no such model. */
  'no-model',
  /** 429, with the time after which a request is worth a try. */
  'rate-limited',
  /** 429 without that time. */
  'rate-limited-unsaid',
  'no-credit',
  'server-error',
  /** 529 at Anthropic, 503 at the others. */
  'overloaded',
  'context-too-long',
  /** The connection breaks in mid-answer. */
  'cut',
  /** The answer ends in its middle, and the connection is closed in good order. */
  'truncated',
  'hang',
] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

/** `FAIL: overloaded` anywhere in the prompt. */
const FAIL = /FAIL: ([a-z-]+)/;

export function behaviourOf({ model, prompt }: Pick<Conversation, 'model' | 'prompt'>): Behaviour {
  const wanted = FAIL.exec(prompt)?.[1];
  return BEHAVIOURS.find((behaviour) => behaviour === wanted) ?? behaviourOfModel(model);
}

/** A model whose name ends in `fake-<behaviour>` asks for it: `fake-cut`, `openai/fake-hang`. */
function behaviourOfModel(model: string): Behaviour {
  return BEHAVIOURS.find((behaviour) => model.endsWith(`fake-${behaviour}`)) ?? 'answer';
}

interface ToolCall {
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
const CALL_TOOL = /CALL_TOOL\s+([\w.:-]+)\s+(?=\{)/;

/** `SAY: <text>` is answered with that text and the word. */
const SAY = /SAY: ([^\n]+)/;

export function replyTo(conversation: Conversation, knownWord: string): Reply {
  const { prompt, toolResult, schema } = conversation;
  if (schema !== undefined) return { kind: 'text', chunks: [JSON.stringify(sample(schema))] };
  if (toolResult !== undefined)
    return { kind: 'text', chunks: ['TOOL-DONE: ', toolResult.slice(0, 500), ` ${knownWord}`] };
  const wanted = CALL_TOOL.exec(prompt);
  if (wanted?.[1] !== undefined) {
    const input = firstObject(prompt.slice(wanted.index + wanted[0].length));
    return { kind: 'tool', call: { name: wanted[1], input } };
  }
  const said = SAY.exec(prompt);
  if (said?.[1] !== undefined) return { kind: 'text', chunks: [said[1], ` ${knownWord}`] };
  const middle = Math.ceil(knownWord.length / 2);
  return { kind: 'text', chunks: ['The word is ', knownWord.slice(0, middle), knownWord.slice(middle)] };
}

/** The JSON object that the text begins with: clients add words of their own after a prompt, braces among them. */
function firstObject(text: string): Record<string, unknown> {
  for (let end = text.indexOf('}'); end !== -1; end = text.indexOf('}', end + 1)) {
    try {
      return JSON.parse(text.slice(0, end + 1)) as Record<string, unknown>;
    } catch {
      // The object goes on behind this brace.
    }
  }
  throw new Error('CALL_TOOL needs a JSON object behind the name of the tool');
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
