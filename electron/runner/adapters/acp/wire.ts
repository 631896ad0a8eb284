import type { Readable, Writable } from 'node:stream';
import { type AnyMessage, methods, type Stream } from '@agentclientprotocol/sdk';
import { createLineSplitter } from '../../../../shared/json-rpc/framing.ts';

interface AcpWireOptions {
  readonly input: Readable;
  readonly output: Writable;
  /** In UTF-16 units; a longer line ends the connection. */
  readonly maxLineChars: number;
  /**
   * An update of a session, in the order of arrival and before any answer that follows it. Not left to the SDK: it
   * drops whole updates that do not fit its schema, and agents run ahead of it.
   */
  readonly onUpdate: (update: unknown) => void;
  /** A line that is no message of the protocol: skipped, and told. */
  readonly onJunk: (reason: string, line: string) => void;
  /** The stream cannot be read any further. */
  readonly onViolation: (reason: string) => void;
}

type Envelope = Readonly<Record<string, unknown>>;

/**
 * The SDK's stream over an agent's stdio. The SDK's own answers every broken line to the agent and prints what it
 * cannot place; here an agent that also prints to stdout costs a log line, and its answers to nothing are dropped.
 */
export function createAcpWire(options: AcpWireOptions): Stream {
  const asked = new Set<unknown>();
  const readable = new ReadableStream<AnyMessage>({
    start(controller) {
      let open = true;
      const close = (): void => {
        if (open) controller.close();
        open = false;
      };
      const lines = createLineSplitter({
        maxChars: options.maxLineChars,
        onLine(line) {
          const message = parse(line);
          const refusal = message === undefined ? 'not a JSON object' : refuse(message, asked);
          if (refusal !== undefined) options.onJunk(refusal, line);
          else if (message?.method === methods.client.session.update) options.onUpdate(updateOf(message.params));
          else if (open) controller.enqueue(message as unknown as AnyMessage);
        },
        onViolation(reason) {
          options.onViolation(reason);
          close();
        },
      });
      options.input.setEncoding('utf8');
      options.input.on('data', lines.push);
      // A line cut by the end of the program is nothing of its own: the exit tells.
      options.input.once('close', close);
    },
  });
  const writable = new WritableStream<AnyMessage>({
    write(message) {
      if ('method' in message && 'id' in message) asked.add(message.id);
      if (options.output.writable) options.output.write(`${JSON.stringify(message)}\n`);
    },
  });
  return { readable, writable };
}

function updateOf(params: unknown): unknown {
  return typeof params === 'object' && params !== null && 'update' in params ? params.update : undefined;
}

function parse(line: string): Envelope | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Envelope) : undefined;
  } catch {
    return undefined;
  }
}

function refuse(message: Envelope, asked: Set<unknown>): string | undefined {
  if (message.jsonrpc !== '2.0') return 'not JSON-RPC 2.0';
  if (typeof message.method === 'string') return undefined;
  if (!('result' in message) && !('error' in message)) return 'neither a request nor an answer';
  return asked.delete(message.id) ? undefined : 'an answer to no request';
}
