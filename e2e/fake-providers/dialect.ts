import type { Behaviour, Conversation, Reply } from './behaviour.ts';

export type DialectName = 'anthropic-messages' | 'openai-responses' | 'openai-chat' | 'gemini';

/** Errors as the real providers word them. `status` is theirs too. */
export interface ErrorReply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type RefusalKind =
  | 'wrong-key'
  | 'no-key'
  | Exclude<Behaviour, 'answer' | 'rejected' | 'cut' | 'truncated' | 'hang'>;

/** The facts that a refusal names. */
export interface RefusalFacts {
  readonly credential: string;
  readonly model: string;
  /** Seconds, for `rate-limited`. */
  readonly retryAfter: number;
}

/** One wire format: where it listens, which header carries the credential, how it reads and answers. */
export interface Dialect {
  readonly name: DialectName;
  /** Whether this request is a model call of this format. */
  isCall(method: string, path: string): boolean;
  /** The credential headers that the real provider reads. */
  readonly credentialHeaders: readonly string[];
  read(body: unknown, path: string): Conversation;
  /** Server-sent events of a streamed answer, each a whole `event:`/`data:` block. */
  stream(reply: Reply, conversation: Conversation): readonly string[];
  /** The answer in one piece. */
  whole(reply: Reply, conversation: Conversation): unknown;
  refuse(kind: RefusalKind, facts: RefusalFacts): ErrorReply;
  /** A refusal that the real provider tells inside of a stream that began well; undefined: by its status. */
  streamRefusal?(kind: RefusalKind, conversation: Conversation): readonly string[] | undefined;
}

export const sse = (data: unknown, event?: string): string =>
  `${event === undefined ? '' : `event: ${event}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;

/** The text of `content` in any of the shapes that the four formats use. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: { text?: unknown }) => (typeof part?.text === 'string' ? part.text : ''))
    .filter((text) => text !== '')
    .join('\n');
}

export const textOfReply = (reply: Reply): string => (reply.kind === 'text' ? reply.chunks.join('') : '');
