import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { anthropicMessages } from './anthropic-messages.ts';
import { type Behaviour, behaviourOf, type Conversation, replyTo } from './behaviour.ts';
import type { Dialect, DialectName, RefusalKind } from './dialect.ts';
import { gemini } from './gemini.ts';
import { modelList } from './model-lists.ts';
import { openAiChat } from './openai-chat.ts';
import { openAiResponses } from './openai-responses.ts';

const DIALECTS: readonly Dialect[] = [anthropicMessages, openAiResponses, openAiChat, gemini];

interface FakeProviderOptions {
  /** Credentials that are accepted, exactly as they arrive. */
  readonly goodKeys: readonly string[];
  /** Credentials that are accepted where models are listed, and refused where one is called. */
  readonly listingKeys?: readonly string[];
  /** The word in every answer. Only the fake knows it: a test that finds it has spoken with this server. */
  readonly knownWord: string;
  /** Accepted credentials that get something else than an answer. Read at every request. */
  readonly behaviours?: Readonly<Record<string, Behaviour>>;
  /** Seconds, for `rate-limited`. Absent: 20. */
  readonly retryAfter?: number;
  /** 0 or absent: a free one. */
  readonly port?: number;
}

/** One request, without the value of its credential. */
interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly dialect: DialectName | undefined;
  readonly headerNames: readonly string[];
  /** The header that carried the credential. */
  readonly credentialHeader: string | undefined;
  readonly credential: 'good' | 'wrong' | 'none';
  readonly model: string | undefined;
  readonly prompt: string | undefined;
  /** What a tool answered, when the request told it. */
  readonly toolResult: string | undefined;
  readonly tools: readonly string[];
  readonly status: number;
  /** As it came. */
  readonly body: string;
}

export interface FakeProvider {
  /** `http://127.0.0.1:<port>`, without a path. */
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** Settles once the next request is held without an answer. */
  hanging(): Promise<void>;
  close(): Promise<void>;
}

/** The status of a request that gets no answer. */
const HELD = 0;

/** A provider on loopback that speaks four wire formats and checks the credential that it receives. */
export async function startFakeProvider(options: FakeProviderOptions): Promise<FakeProvider> {
  const requests: RecordedRequest[] = [];
  const held = new Set<() => void>();
  const server = createServer((request, response) => {
    handle(request, response, options).then(
      (recorded) => {
        requests.push(recorded);
        if (recorded.status !== HELD) return;
        for (const tell of held) tell();
        held.clear();
      },
      (error: unknown) => response.destroy(error instanceof Error ? error : undefined),
    );
  });
  // Node's own 5 s are shorter than an agent's wait between two tries: its next request would meet a closed connection.
  server.keepAliveTimeout = 75_000;
  // Codex asks for a WebSocket first; 426 sends it to plain requests at once.
  server.on('upgrade', (_request, socket) => {
    socket.end('HTTP/1.1 426 Upgrade Required\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    hanging: () => new Promise((resolve) => held.add(resolve)),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  options: FakeProviderOptions,
): Promise<RecordedRequest> {
  const method = request.method ?? '';
  const path = new URL(request.url ?? '/', 'http://fake').pathname;
  const dialect = DIALECTS.find((one) => one.isCall(method, path));
  const listed = method === 'GET' && /\/models(\/[^/]+)?$/.test(path) ? dialectOfList(request, path) : undefined;
  const goodKeys = [...options.goodKeys, ...(listed === undefined ? [] : (options.listingKeys ?? []))];
  const checked = check(request, dialect ?? listed, goodKeys);
  const body = await readBody(request);
  const conversation = dialect?.read(JSON.parse(body === '' ? '{}' : body), path);

  const status = respond({ response, method, path, dialect, listed, checked, conversation, options });
  return {
    method,
    path,
    dialect: dialect?.name,
    headerNames: Object.keys(request.headers),
    credentialHeader: checked.header,
    credential: checked.result,
    model: conversation?.model,
    prompt: conversation?.prompt,
    toolResult: conversation?.toolResult,
    tools: conversation?.tools ?? [],
    status,
    body,
  };
}

interface Checked {
  readonly header: string | undefined;
  readonly value: string;
  readonly result: 'good' | 'wrong' | 'none';
}

/** Every credential header that the provider reads has to be right: a second, wrong one is a leak of another key. */
function check(request: IncomingMessage, dialect: Dialect | undefined, goodKeys: readonly string[]): Checked {
  const headers = dialect?.credentialHeaders ?? ['authorization', 'x-api-key', 'x-goog-api-key'];
  const sent = headers
    .map((header) => ({ header, value: String(request.headers[header] ?? '').replace(/^Bearer /, '') }))
    .filter(({ value }) => value !== '');
  const wrong = sent.find(({ value }) => !goodKeys.includes(value));
  const first = wrong ?? sent[0];
  if (first === undefined) return { header: undefined, value: '', result: 'none' };
  return { ...first, result: wrong === undefined ? 'good' : 'wrong' };
}

function dialectOfList(request: IncomingMessage, path: string): Dialect {
  if (path.startsWith('/v1beta/') || request.headers['x-goog-api-key'] !== undefined) return gemini;
  return request.headers['anthropic-version'] !== undefined ? anthropicMessages : openAiResponses;
}

interface Exchange {
  readonly response: ServerResponse;
  readonly method: string;
  readonly path: string;
  readonly dialect: Dialect | undefined;
  readonly listed: Dialect | undefined;
  readonly checked: Checked;
  readonly conversation: Conversation | undefined;
  readonly options: FakeProviderOptions;
}

/** Answers, and says with which status. */
function respond(exchange: Exchange): number {
  const { response, method, path, dialect, listed, checked, conversation, options } = exchange;
  const speaks = dialect ?? listed;
  if (speaks === undefined) {
    if (method === 'HEAD') return end(response, 200, '');
    if (path.endsWith('/count_tokens')) return json(response, 200, { input_tokens: 20 });
    if (path.endsWith(':countTokens')) return json(response, 200, { totalTokens: 20 });
    return json(response, 404, { error: { message: `nothing at ${path}`, type: 'not_found_error' } });
  }
  if (checked.result !== 'good') return refuse(exchange, speaks, checked.result === 'none' ? 'no-key' : 'wrong-key');
  if (dialect === undefined || conversation === undefined) return json(response, 200, modelList(speaks.name));

  const behaviour = options.behaviours?.[checked.value] ?? behaviourOf(conversation);
  if (behaviour === 'hang') return HELD;
  if (behaviour === 'rejected') return refuse(exchange, dialect, 'wrong-key');
  const reply = replyTo(conversation, options.knownWord);
  if (behaviour === 'answer' || behaviour === 'cut' || behaviour === 'truncated') {
    if (conversation.stream) return send(response, dialect.stream(reply, conversation), behaviour);
    const whole = JSON.stringify(dialect.whole(reply, conversation));
    return behaviour === 'answer' ? json(response, 200, JSON.parse(whole)) : cut(response, whole);
  }
  const told = conversation.stream ? dialect.streamRefusal?.(behaviour, conversation) : undefined;
  return told === undefined ? refuse(exchange, dialect, behaviour) : send(response, told, 'answer');
}

function refuse({ response, checked, conversation, options }: Exchange, dialect: Dialect, kind: RefusalKind): number {
  const { value: credential } = checked;
  const facts = { credential, model: conversation?.model ?? '', retryAfter: options.retryAfter ?? 20 };
  const { status, body, headers } = dialect.refuse(kind, facts);
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
  // A wrong credential must not get the word, not even so.
  const told = kind === 'wrong-key' || kind === 'no-key' ? body : withWord(body, options.knownWord);
  return json(response, status, told);
}

/** The word is in the error's sentence too: who takes an error for an answer finds it there. */
function withWord(body: unknown, word: string): unknown {
  const { error } = body as { error: { message: string } };
  return { ...(body as object), error: { ...error, message: `${error.message} (${word})` } };
}

type Sending = 'answer' | 'cut' | 'truncated';

function send(response: ServerResponse, events: readonly string[], behaviour: Sending): number {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const half = Math.ceil(events.length / 2);
  if (behaviour === 'cut') return cut(response, events.slice(0, half).join(''));
  for (const event of behaviour === 'answer' ? events : events.slice(0, half)) response.write(event);
  response.end();
  return 200;
}

/** Breaks the connection in mid-answer. */
function cut(response: ServerResponse, written: string): number {
  // What was written has to leave before the connection breaks; a length that is never reached says that more was due.
  if (!response.headersSent)
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1_000_000 });
  response.write(written, () => response.destroy());
  return 200;
}

function json(response: ServerResponse, status: number, body: unknown): number {
  response.setHeader('content-type', 'application/json');
  return end(response, status, JSON.stringify(body));
}

function end(response: ServerResponse, status: number, body: string): number {
  response.statusCode = status;
  response.end(body);
  return status;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** An address where nothing listens: a connection to it is refused. */
export async function nothingListens(): Promise<string> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
}
