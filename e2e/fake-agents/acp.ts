import { createInterface } from 'node:readline';

/** Just enough of the Agent Client Protocol, by hand: a fake must also be able to break it. */
export interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: unknown;
  readonly params?: { readonly sessionId?: string; readonly prompt?: readonly { readonly text?: string }[] };
}

export const SESSION_ID = 'fake-session';

export function send(message: object): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

export function update(content: object): void {
  send({ method: 'session/update', params: { sessionId: SESSION_ID, update: content } });
}

export function say(text: string): void {
  update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } });
}

export function answer(message: Message, result: object): void {
  send({ id: message.id, result });
}

export function refuse(message: Message, error: { code: number; message: string; data?: unknown }): void {
  send({ id: message.id, error });
}

export function promptText(message: Message): string {
  return message.params?.prompt?.map(({ text }) => text ?? '').join('') ?? '';
}

type Handler = (message: Message) => void;

/** Opens sessions as any agent does; the rest is the fake's own. Ends with its input, as a polite agent. */
export function serve(
  handlers: Readonly<Record<string, Handler>>,
  options: { stay?: boolean; onAnswer?: Handler } = {},
): void {
  const all: Record<string, Handler> = {
    initialize: (message) =>
      answer(message, { protocolVersion: 1, agentCapabilities: {}, agentInfo: { name: 'fake', version: '1' } }),
    'session/new': (message) => answer(message, { sessionId: SESSION_ID }),
    'session/cancel': () => undefined,
    ...handlers,
  };
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    const message = JSON.parse(line) as Message;
    if (message.method !== undefined) all[message.method]?.(message);
    else options.onAnswer?.(message);
  });
  lines.on('close', () => {
    if (options.stay !== true) process.exit(0);
  });
}
